package dev.sotto.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ArithmeticTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @Test
  void rfc_1982_sequence_numbers_are_compared_around_the_wrap() {
    assertThat(SequenceNumbers.isNewer(0, 65535)).isTrue();
    assertThat(SequenceNumbers.isNewer(65535, 0)).isFalse();
    assertThat(SequenceNumbers.isNewer(7, 7)).isFalse();
    assertThat(SequenceNumbers.distance(65534, 3)).isEqualTo(5);
    assertThat(SequenceNumbers.distance(3, 65534)).isEqualTo(-5);
    assertThat(SequenceNumbers.add(65535, 2)).isEqualTo(1);
    assertThat(SequenceNumbers.add(0, -1)).isEqualTo(65535);
  }

  @Property
  void unwrapped_numbers_keep_their_distance(
      @ForAll @IntRange(max = 65535) int start,
      @ForAll @IntRange(min = -32768, max = 32767) int steps) {
    SequenceUnwrapper unwrapper = new SequenceUnwrapper();
    long first = unwrapper.unwrap(start);

    long second = unwrapper.unwrap(SequenceNumbers.add(start, steps));

    assertThat(second - first).isEqualTo(steps);
    assertThat(second & 0xffff).isEqualTo(SequenceNumbers.add(start, steps));
    assertThat(unwrapper.highest()).isEqualTo(Math.max(first, second));
  }

  @Test
  void unwrapped_numbers_go_on_over_many_wraps() {
    SequenceUnwrapper unwrapper = new SequenceUnwrapper();
    long first = unwrapper.unwrap(0);
    for (int i = 1; i <= 300; i++) {
      unwrapper.unwrap(i * 1000 & 0xffff);
    }

    assertThat(unwrapper.highest() - first).isEqualTo(300_000);
    assertThat(unwrapper.extend(300_001 & 0xffff) - first).isEqualTo(300_001);
    assertThat(unwrapper.highest() - first).isEqualTo(300_000);
  }

  @Test
  void an_unwrapper_that_was_reset_starts_anew() {
    SequenceUnwrapper unwrapper = new SequenceUnwrapper();
    unwrapper.unwrap(60_000);
    unwrapper.reset();

    assertThat(unwrapper.isStarted()).isFalse();
    assertThat(unwrapper.unwrap(5) & 0xffff).isEqualTo(5);
    assertThat(unwrapper.highest()).isEqualTo(unwrapper.extend(5));
  }

  @Property
  void unwrapped_timestamps_keep_their_distance(
      @ForAll @LongRange(max = 0xffff_ffffL) long start, @ForAll int ticks) {
    TimestampUnwrapper unwrapper = new TimestampUnwrapper();

    assertThat(unwrapper.unwrap(start)).isEqualTo(start);
    assertThat(unwrapper.unwrap(RtpTimestamps.add(start, ticks))).isEqualTo(start + ticks);
    unwrapper.reset();
    assertThat(unwrapper.unwrap(7)).isEqualTo(7);
  }

  @Test
  void timestamps_are_compared_around_the_wrap() {
    assertThat(RtpTimestamps.isLater(5, 0xffff_fff0L)).isTrue();
    assertThat(RtpTimestamps.isLater(0xffff_fff0L, 5)).isFalse();
    assertThat(RtpTimestamps.distance(0xffff_fff0L, 5)).isEqualTo(21);
  }

  @Test
  void ticks_of_long_durations_do_not_overflow() {
    assertThat(RtpTimestamps.ofNanos(SECOND / 2, 90_000)).isEqualTo(45_000);
    assertThat(RtpTimestamps.ofNanos(-SECOND, 90_000)).isEqualTo(-90_000);
    assertThat(RtpTimestamps.ofNanos(Long.MAX_VALUE, 90_000)).isEqualTo(830_103_483_316_929L);
  }

  @Test
  void rfc_5905_ntp_counts_from_1900_and_goes_on_after_2036() {
    assertThat(NtpTime.ofUnixNanos(0) >>> 32).isEqualTo(2_208_988_800L);
    assertThat(NtpTime.ofUnixNanos(SECOND / 2) & 0xffff_ffffL).isEqualTo(1L << 31);
    long in2040 = TimeUnit.SECONDS.toNanos(Instant.parse("2040-01-01T00:00:00Z").getEpochSecond());
    assertThat(NtpTime.toUnixNanos(NtpTime.ofUnixNanos(in2040))).isEqualTo(in2040);
  }

  @Property
  void ntp_times_keep_their_nanoseconds(
      @ForAll @LongRange(min = 0, max = 4_000_000_000_000_000_000L) long unixNanos) {
    assertThat(NtpTime.toUnixNanos(NtpTime.ofUnixNanos(unixNanos))).isEqualTo(unixNanos);
  }

  @Property
  void a_duration_may_be_added_to_ntp_times(
      @ForAll @LongRange(min = 0, max = 2_000_000_000_000_000_000L) long unixNanos,
      @ForAll @LongRange(min = -1_000_000_000_000_000L, max = 1_000_000_000_000_000L) long nanos) {
    long sum = NtpTime.plusNanos(NtpTime.ofUnixNanos(unixNanos), nanos);

    assertThat(sum).isCloseTo(NtpTime.ofUnixNanos(unixNanos + nanos), within(8L));
  }

  @Test
  void rfc_3550_section_4_the_compact_time_is_the_middle() {
    assertThat(NtpTime.compact(0x0123_4567_89ab_cdefL)).isEqualTo(0x4567_89ab);
    assertThat(NtpTime.compactOfNanos(SECOND)).isEqualTo(1 << 16);
    assertThat(NtpTime.compactOfNanos(-1)).isZero();
    assertThat(NtpTime.compactOfNanos(Long.MAX_VALUE)).isEqualTo(0xffff_ffffL);
    assertThat(NtpTime.compactOfNanos(65_535 * SECOND)).isEqualTo(0xffff_0000L);
    assertThat(NtpTime.compactToNanos(3 << 15)).isEqualTo(3 * SECOND / 2);
    assertThat(NtpTime.compactToNanos(0xffff_ffffL)).isCloseTo(65_536 * SECOND, within(SECOND));
  }

  @Test
  void absolute_send_times_wrap_after_64_seconds() {
    assertThat(AbsSendTime.ofNanos(SECOND)).isEqualTo(1 << 18);
    assertThat(AbsSendTime.ofNanos(64 * SECOND)).isZero();
    assertThat(AbsSendTime.ofNanos(-SECOND)).isEqualTo(63 << 18);
    int before = AbsSendTime.ofNanos(63 * SECOND);
    int after = AbsSendTime.ofNanos(66 * SECOND);
    assertThat(AbsSendTime.elapsedNanos(before, after)).isEqualTo(3 * SECOND);
    assertThat(AbsSendTime.elapsedNanos(after, before)).isEqualTo(-3 * SECOND);
  }
}
