package dev.sotto.relay.link;

import java.util.List;

/**
 * The relay as it is at one moment.
 *
 * @param stress from CPU and packet rate: 0 idle, 1 full; may be above
 * @param draining whether it refuses new conferences
 * @param endpoints in all conferences
 * @param conferenceIds of all conferences held, in any order
 */
public record RelayStatus(
    double stress, boolean draining, int endpoints, List<String> conferenceIds) {
  public RelayStatus {
    if (!(stress >= 0) || Double.isInfinite(stress)) {
      throw new IllegalArgumentException("stress " + stress + " is no number from 0 on");
    }
    conferenceIds = List.copyOf(conferenceIds);
  }
}
