package dev.sotto.relay.colibri;

import dev.sotto.relay.control.ConferenceAnswer;
import dev.sotto.relay.control.ConferenceControl;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.control.Texts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes of whatever becomes of a request something to send back. */
final class Outcome {
  private static final Logger LOG = LoggerFactory.getLogger(Outcome.class);

  private Outcome() {}

  /**
   * Has a request carried out.
   *
   * @param request reads it; may throw a {@link ControlException}
   * @return a stage that does not fail, whatever the relay does
   */
  static <T> CompletionStage<T> of(
      Supplier<ConferenceRequest> request,
      ConferenceControl control,
      Function<ConferenceAnswer, T> onAnswer,
      Function<ControlException, T> onRefusal) {
    ConferenceRequest read;
    try {
      read = request.get();
    } catch (RuntimeException e) {
      return CompletableFuture.completedStage(onRefusal.apply(refusal("that is being read", e)));
    }
    String conference = "of conference " + Texts.quoted(read.conferenceId());
    return applied(read, control)
        .thenApply(onAnswer)
        .exceptionally(e -> onRefusal.apply(refusal(conference, e)));
  }

  private static CompletionStage<ConferenceAnswer> applied(
      ConferenceRequest request, ConferenceControl control) {
    try {
      return control.apply(request);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static ControlException refusal(String which, Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof ControlException refusal) {
      return refusal;
    }
    LOG.error("A control request {} failed", which, cause);
    return new ControlException(
        ErrorCode.INTERNAL, "the relay failed at this request; its log says why");
  }
}
