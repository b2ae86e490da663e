package dev.sotto.relay.conference;

import dev.sotto.media.bandwidth.RateLimits;
import dev.sotto.media.pacing.PacingSettings;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * How conferences are run.
 *
 * @param rates of what one receiver is sent
 * @param pacing of the same; its tick is how long packets of one receiver are gathered
 * @param audibleSpeakers how many are heard at a time, where more send audio
 */
public record ConferenceSettings(RateLimits rates, PacingSettings pacing, int audibleSpeakers) {
  /**
   * Half a millisecond lets the packets of a frame, and of several sources, leave as one message;
   * more than three at a time nobody understands, and two more are for those who laugh.
   */
  public static final ConferenceSettings DEFAULT =
      new ConferenceSettings(
          RateLimits.DEFAULT,
          PacingSettings.DEFAULT.withTick(Duration.of(500, ChronoUnit.MICROS)),
          5);

  public ConferenceSettings {
    if (audibleSpeakers < 1) {
      throw new IllegalArgumentException("at least one speaker is heard: " + audibleSpeakers);
    }
  }

  /** The same with another time for which packets of one receiver are gathered. */
  public ConferenceSettings withGatherTime(Duration time) {
    return new ConferenceSettings(rates, pacing.withTick(time), audibleSpeakers);
  }

  /** The same with so many heard at a time. */
  public ConferenceSettings withAudibleSpeakers(int speakers) {
    return new ConferenceSettings(rates, pacing, speakers);
  }
}
