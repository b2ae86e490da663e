package dev.sotto.media.rtp;

/**
 * NTP timestamps (RFC 5905 section 6): seconds since 1900 in the upper 32 bits, a fraction in the
 * lower, as sender reports and abs-capture-time have them; and their compact form, the middle 32
 * bits, in which RTCP measures delays (RFC 3550 section 4). Times from 1968 to 2104 are told apart.
 */
public final class NtpTime {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long FRACTION = 0xffff_ffffL;

  /** 70 years, 17 of them with a leap day. */
  private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;

  private static final long ERA_SECONDS = 1L << 32;
  private static final int COMPACT_FRACTION_BITS = 16;

  private NtpTime() {}

  public static long ofUnixNanos(long unixNanos) {
    long seconds = Math.floorDiv(unixNanos, NANOS_PER_SECOND) + SECONDS_1900_TO_1970;
    return (seconds << 32) + fraction(Math.floorMod(unixNanos, NANOS_PER_SECOND));
  }

  /** Rounded to the nearest nanosecond; without the topmost bit it is a time from 2036 on. */
  public static long toUnixNanos(long ntp) {
    long seconds = ntp >>> 32;
    if (ntp >= 0) {
      seconds += ERA_SECONDS;
    }
    long nanos = ((ntp & FRACTION) * NANOS_PER_SECOND + (1L << 31)) >>> 32;
    return (seconds - SECONDS_1900_TO_1970) * NANOS_PER_SECOND + nanos;
  }

  /** A timestamp that much later, or earlier if the duration is negative. */
  public static long plusNanos(long ntp, long nanos) {
    long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
    return ntp + (seconds << 32) + fraction(Math.floorMod(nanos, NANOS_PER_SECOND));
  }

  private static long fraction(long nanosOfSecond) {
    return (nanosOfSecond << 32) / NANOS_PER_SECOND;
  }

  /** The middle 32 bits: what a receiver report returns as LSR. */
  public static int compact(long ntp) {
    return (int) (ntp >>> COMPACT_FRACTION_BITS);
  }

  /** A duration in units of 1/65536 s, as in DLSR; 0 to 2^32 - 1, longer ones cut off. */
  public static long compactOfNanos(long durationNanos) {
    long seconds = durationNanos / NANOS_PER_SECOND;
    if (durationNanos <= 0) {
      return 0;
    }
    if (seconds >= 1L << COMPACT_FRACTION_BITS) {
      return FRACTION;
    }
    return (durationNanos << COMPACT_FRACTION_BITS) / NANOS_PER_SECOND;
  }

  /** Nanoseconds of a duration of 0 to 2^32 - 1 units of 1/65536 s. */
  public static long compactToNanos(long compactDuration) {
    return (compactDuration * NANOS_PER_SECOND) >> COMPACT_FRACTION_BITS;
  }
}
