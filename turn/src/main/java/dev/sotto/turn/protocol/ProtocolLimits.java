package dev.sotto.turn.protocol;

import java.time.Duration;

/**
 * The numbers of RFC 8656 that an operator may set; times in nanoseconds.
 *
 * @param firstChannel 0x4000
 * @param lastChannel 0x4FFF (RFC 8656), or 0x7FFF for clients of RFC 5766
 */
public record ProtocolLimits(
    long defaultLifetimeNanos,
    long maximumLifetimeNanos,
    long permissionNanos,
    long channelNanos,
    long reservationNanos,
    int maximumPermissions,
    int maximumChannels,
    int firstChannel,
    int lastChannel) {

  /** Permissions live 300 s and channels 600 s by the RFC; a reservation is kept for 30 s. */
  public static ProtocolLimits of(
      Duration defaultLifetime,
      Duration maximumLifetime,
      int maximumPermissions,
      int firstChannel,
      int lastChannel) {
    return new ProtocolLimits(
        defaultLifetime.toNanos(),
        maximumLifetime.toNanos(),
        Duration.ofSeconds(300).toNanos(),
        Duration.ofSeconds(600).toNanos(),
        Duration.ofSeconds(30).toNanos(),
        maximumPermissions,
        maximumPermissions,
        firstChannel,
        lastChannel);
  }

  boolean isChannel(int number) {
    return number >= firstChannel && number <= lastChannel;
  }

  /**
   * What a client gets that asks for so many seconds (RFC 8656 section 7.2): not less than the
   * default.
   */
  long grantedLifetimeNanos(long requestedSeconds) {
    long requested = Duration.ofSeconds(requestedSeconds).toNanos();
    return Math.max(defaultLifetimeNanos, Math.min(requested, maximumLifetimeNanos));
  }
}
