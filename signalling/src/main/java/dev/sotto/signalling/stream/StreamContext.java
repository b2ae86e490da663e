package dev.sotto.signalling.stream;

import dev.sotto.signalling.StreamLimits;
import dev.sotto.signalling.auth.TokenVerifier;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What every stream of a server shares. {@code slowWork} runs signature checks away from the event
 * loops; {@code nanoClock} counts monotonic nanoseconds; {@code random} must be unpredictable;
 * {@code draining} becomes true once, when the server takes no more work; {@code clock} stamps what
 * was delayed.
 */
public record StreamContext(
    String domain,
    StreamLimits limits,
    TokenVerifier tokens,
    StanzaRouter router,
    StreamCounters counters,
    Executor slowWork,
    LongSupplier nanoClock,
    RandomGenerator random,
    AtomicBoolean draining,
    ResumableSessions resumable,
    Clock clock) {}
