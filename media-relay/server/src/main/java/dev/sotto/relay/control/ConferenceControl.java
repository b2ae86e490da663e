package dev.sotto.relay.control;

import java.util.concurrent.CompletionStage;

/** What the relay lets others do to its conferences. */
@FunctionalInterface
public interface ConferenceControl {
  /**
   * Carries a request out, as a whole or not at all. Requests about one conference take effect in
   * the order in which they were made; the call itself does not block.
   *
   * @return the answer, or a {@link ControlException} when it is refused. What is asked need not
   *     have been checked before.
   */
  CompletionStage<ConferenceAnswer> apply(ConferenceRequest request);
}
