package dev.sotto.media.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.media.rtcp.ReportPacket;
import dev.sotto.media.rtcp.RtcpCompound;
import dev.sotto.media.rtcp.RtcpWriter;
import dev.sotto.media.rtp.NtpTime;
import dev.sotto.media.rtp.testkit.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReceptionStatisticsTest {
  private static final long MILLIS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int CLOCK_RATE = 90_000;
  private static final int SSRC = 0xaabbccdd;

  private final ReceptionStatistics statistics = new ReceptionStatistics(CLOCK_RATE);
  private final SourceClock clock = new SourceClock(CLOCK_RATE);
  private final MemorySegment out = Bytes.allocate(1200);
  private final RtcpWriter writer = new RtcpWriter();
  private final ReportPacket report = new ReportPacket();

  /** Near the wrap-around of the clock. */
  private long now = Long.MAX_VALUE - 5 * MILLIS;

  private void receive(int... numbers) {
    for (int number : numbers) {
      statistics.onPacket(number, 0, now);
    }
  }

  private void receiveAll(int from, int to) {
    receive(IntStream.rangeClosed(from, to).map(number -> number & 0xffff).toArray());
  }

  private void report() {
    writer.begin(out, 0, 1200).receiverReport(1);
    assertThat(statistics.writeReportBlock(writer, SSRC, clock, now)).isTrue();
    RtcpCompound compound = new RtcpCompound();
    assertThat(compound.wrap(out, 0, writer.length())).isTrue();
    compound.next();
    assertThat(report.wrap(compound)).isTrue();
    assertThat(report.nextBlock()).isTrue();
  }

  @Test
  void appendix_a_1_numbers_wrap_into_the_next_cycle() {
    receiveAll(65_530, 65_540);

    assertThat(statistics.extendedHighest()).isEqualTo(65_540);
    assertThat(statistics.received()).isEqualTo(11);
    assertThat(statistics.cumulativeLost()).isZero();
  }

  @Test
  void appendix_a_1_a_number_from_before_the_wrap_does_not_end_the_cycle() {
    receive(65_534, 0, 65_535, 1);

    assertThat(statistics.extendedHighest()).isEqualTo(65_537);
    assertThat(statistics.cumulativeLost()).isZero();
  }

  @Test
  void appendix_a_1_one_wild_number_is_not_counted() {
    receive(10, 11);

    assertThat(statistics.onPacket(30_000, 0, now)).isFalse();
    assertThat(statistics.onPacket(12, 0, now)).isTrue();
    assertThat(statistics.extendedHighest()).isEqualTo(12);
    assertThat(statistics.received()).isEqualTo(3);
  }

  @Test
  void appendix_a_1_two_numbers_in_a_row_after_a_jump_start_anew() {
    receive(10, 11, 12, 30_000, 30_001, 30_002);

    assertThat(statistics.extendedHighest()).isEqualTo(30_002);
    assertThat(statistics.received()).isEqualTo(2);
    assertThat(statistics.cumulativeLost()).isZero();
  }

  @Test
  void appendix_a_1_jumps_are_as_long_as_the_constants_say() {
    receive(10_000);
    assertThat(statistics.onPacket(12_999, 0, now)).isTrue();
    assertThat(statistics.onPacket(12_999 - 99, 0, now)).isTrue();
    assertThat(statistics.onPacket(12_999 - 100, 0, now)).isFalse();
    assertThat(statistics.onPacket(15_999, 0, now)).isFalse();
  }

  @Test
  void appendix_a_3_loss_is_what_was_expected_less_what_came() {
    receive(0, 1, 2, 5, 7);
    report();

    assertThat(report.blockSsrc()).isEqualTo(SSRC);
    assertThat(report.extendedHighest()).isEqualTo(7);
    assertThat(report.cumulativeLost()).isEqualTo(3);
    assertThat(report.fractionLost()).isEqualTo(3 * 256 / 8);
  }

  @Test
  void appendix_a_3_the_fraction_is_of_the_interval_and_the_sum_of_the_session() {
    receive(0, 2);
    report();
    receive(3, 4, 5, 6);
    report();

    assertThat(report.fractionLost()).isZero();
    assertThat(report.cumulativeLost()).isEqualTo(1);
    receive(10);
    report();
    assertThat(report.fractionLost()).isEqualTo(192);
    assertThat(report.cumulativeLost()).isEqualTo(4);
  }

  @Test
  void appendix_a_3_nothing_in_an_interval_is_no_loss() {
    receive(0, 1);
    report();
    report();

    assertThat(report.fractionLost()).isZero();
  }

  @Test
  void appendix_a_3_more_duplicates_than_losses_count_below_zero() {
    receive(0, 1, 1, 1);
    report();

    assertThat(report.cumulativeLost()).isEqualTo(-2);
    assertThat(report.fractionLost()).isZero();
  }

  @Test
  void appendix_a_8_steady_arrivals_have_no_jitter() {
    for (int i = 0; i < 1000; i++) {
      statistics.onPacket(i, 0xffff_0000L + 3000L * i & 0xffff_ffffL, now);
      now += TimeUnit.SECONDS.toNanos(1) / 30;
    }

    assertThat(statistics.jitter()).isLessThanOrEqualTo(1);
  }

  @Test
  void appendix_a_8_jitter_nears_the_mean_step_of_the_transit() {
    for (int i = 0; i < 1000; i++) {
      long late = i % 2 * (10 * MILLIS);
      statistics.onPacket(i, 1800L * i, now + late);
      now += 20 * MILLIS;
    }

    assertThat(statistics.jitter()).isCloseTo(900, within(9L));
  }

  @Test
  void appendix_a_8_a_new_clock_is_no_jitter() {
    statistics.onPacket(0, 0, now);
    statistics.onPacket(1, 0x8000_0000L, now);
    statistics.onPacket(2, 0x8000_0000L, now);

    assertThat(statistics.jitter()).isZero();
  }

  @Test
  void section_6_4_1_the_last_sender_report_is_returned_with_its_age() {
    receive(1);
    report();
    assertThat(report.lastSenderReport()).isZero();
    assertThat(report.delaySinceLastSenderReport()).isZero();

    clock.onSenderReport(0x0123_4567_89ab_cdefL, 0, now);
    now += 1500 * MILLIS;
    report();

    assertThat(report.lastSenderReport()).isEqualTo(0x4567_89ab);
    assertThat(report.delaySinceLastSenderReport()).isEqualTo(3 << 15);
  }

  @Test
  void a_report_that_has_no_room_ends_no_interval() {
    assertThat(statistics.writeReportBlock(writer.begin(out, 0, 8), SSRC, clock, now)).isFalse();
    receive(0, 3);
    writer.begin(out, 0, 8).receiverReport(1);
    assertThat(statistics.writeReportBlock(writer, SSRC, clock, now)).isFalse();

    report();
    assertThat(report.fractionLost()).isEqualTo(128);
  }

  @Test
  void a_source_clock_goes_on_between_reports() {
    long ntp = NtpTime.ofUnixNanos(1_800_000_000_000_000_000L);
    clock.onSenderReport(ntp, 0xffff_ffffL, now);
    now += 2000 * MILLIS;

    assertThat(clock.ntpAt(now)).isEqualTo(ntp + (2L << 32));
    assertThat(clock.rtpTimestampAt(now)).isEqualTo(2L * CLOCK_RATE - 1);
    assertThat(new SourceClock(CLOCK_RATE).ntpAt(now)).isZero();
    assertThat(new SourceClock(CLOCK_RATE).rtpTimestampAt(now)).isZero();
  }
}
