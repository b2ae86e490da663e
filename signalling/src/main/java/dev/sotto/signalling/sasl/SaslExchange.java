package dev.sotto.signalling.sasl;

import dev.sotto.signalling.auth.AuthenticatedUser;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An exchange that waits for the client: a value, which says once what comes of the client's next
 * message. Never blocks; what takes long is handed out as {@link Step.Slow}.
 */
@FunctionalInterface
public interface SaslExchange {

  /** What comes of these bytes, which are already free of base64. */
  Step respond(byte[] message);

  /** What to do next. Data of the server is text in every mechanism here. */
  sealed interface Step {

    /** Send this and wait. */
    record Challenge(String data, SaslExchange next) implements Step {}

    /** The client is this user; {@code data} goes with the good news. */
    record Success(AuthenticatedUser user, Optional<String> data) implements Step {}

    /**
     * It failed; the sentence is for the app's developer and holds no secret. {@code attempt} says
     * whether something was learnt of a password or token, so that it counts as one of few.
     */
    record Refused(SaslCondition condition, String text, boolean attempt) implements Step {}

    /** Run this where it may block and burn CPU: it has the next step. */
    record Slow(Supplier<Step> work) implements Step {}

    /** A failure that counts as an attempt. */
    static Step refused(SaslCondition condition, String text) {
      return new Refused(condition, text, true);
    }
  }
}
