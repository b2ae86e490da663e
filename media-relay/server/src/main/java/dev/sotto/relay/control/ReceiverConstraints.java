package dev.sotto.relay.control;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What an endpoint wants to receive.
 *
 * @param videoLastN how many video sources at most
 * @param audioLastN how many audio sources at most
 * @param maxHeight of every video source that has none of its own, in pixels; 0 for none at all
 * @param maxHeights by source id; sources that are not (yet) there may be named
 * @param pinned ids of the sources that come first
 */
public record ReceiverConstraints(
    OptionalInt videoLastN,
    OptionalInt audioLastN,
    OptionalInt maxHeight,
    Map<String, Integer> maxHeights,
    Set<String> pinned) {

  /** Wants all there is. */
  public static final ReceiverConstraints NONE =
      new ReceiverConstraints(
          OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), Map.of(), Set.of());

  public ReceiverConstraints {
    maxHeights = Map.copyOf(maxHeights);
    pinned = Set.copyOf(pinned);
  }
}
