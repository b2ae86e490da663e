package dev.sotto.signalling.stream;

import dev.sotto.signalling.StreamLimits;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What every stream of a server shares. {@code domain} is the one of users; {@code slowWork} runs
 * what blocks or burns CPU away from the event loops; {@code otherRouters} are those of further
 * domains, such as that of relays, whose accounts are configured; {@code nanoClock} counts
 * monotonic nanoseconds; {@code random} must be unpredictable; {@code draining} becomes true once,
 * when the server takes no more work; {@code clock} stamps what was delayed.
 */
public record StreamContext(
    String domain,
    StreamLimits limits,
    SignIn signIn,
    StanzaRouter router,
    Map<String, StanzaRouter> otherRouters,
    StreamCounters counters,
    Executor slowWork,
    LongSupplier nanoClock,
    RandomGenerator random,
    AtomicBoolean draining,
    ResumableSessions resumable,
    Clock clock) {

  /** Whether streams to this domain are taken. */
  boolean serves(String wanted) {
    return wanted.equals(domain) || otherRouters.containsKey(wanted);
  }

  /** Where the devices of a served domain are. */
  StanzaRouter router(String served) {
    return served.equals(domain) ? router : otherRouters.get(served);
  }
}
