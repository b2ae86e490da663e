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
import org.junit.jupiter.api.Test;

class SenderReportTranslatorTest {
  private static final long MILLIS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long NTP = 0xeeae_8cde_8cb2_745bL;
  private static final int SLOT = 0x01020304;

  private final SourceClock source = new SourceClock(90_000);
  private final SenderReportTranslator translator = new SenderReportTranslator();
  private final MemorySegment out = Bytes.allocate(100);
  private final RtcpWriter writer = new RtcpWriter();
  private long now = Long.MAX_VALUE - 100 * MILLIS;

  private ReportPacket write(long timestampOffset) {
    assertThat(translator.write(writer.begin(out, 0, 100), SLOT, source, timestampOffset, now))
        .isTrue();
    RtcpCompound compound = new RtcpCompound();
    assertThat(compound.wrap(out, 0, writer.length())).isTrue();
    compound.next();
    ReportPacket report = new ReportPacket();
    assertThat(report.wrap(compound)).isTrue();
    return report;
  }

  @Test
  void section_7_2_the_wall_clock_stays_and_the_media_clock_is_shifted() {
    source.onSenderReport(NTP, 0xffff_fff0L, now);
    translator.onForwarded(1000);
    translator.onForwarded(160);

    ReportPacket report = write(0x20);

    assertThat(report.senderSsrc()).isEqualTo(SLOT);
    assertThat(report.ntp()).isEqualTo(NTP);
    assertThat(report.rtpTimestamp()).isEqualTo(0x10);
    assertThat(report.packetCount()).isEqualTo(2);
    assertThat(report.octetCount()).isEqualTo(1160);
  }

  @Test
  void section_6_4_1_a_report_that_leaves_later_tells_the_later_instant() {
    source.onSenderReport(NTP, 1000, now);
    translator.onForwarded(1);
    now += 500 * MILLIS;

    ReportPacket report = write(-1000);

    assertThat(report.ntp()).isEqualTo(NTP + (1L << 31));
    assertThat(report.rtpTimestamp()).isEqualTo(45_000);
  }

  @Test
  void nothing_is_reported_of_what_was_not_forwarded_or_has_no_clock() {
    writer.begin(out, 0, 100);
    source.onSenderReport(NTP, 1000, now);
    assertThat(translator.write(writer, SLOT, source, 0, now)).isFalse();
    translator.onForwarded(1);
    assertThat(translator.write(writer, SLOT, new SourceClock(90_000), 0, now)).isFalse();
    assertThat(translator.write(writer.begin(out, 0, 27), SLOT, source, 0, now)).isFalse();
    assertThat(writer.length()).isZero();
  }

  @Test
  void section_6_4_1_the_round_trip_is_the_time_since_less_the_delay() {
    source.onSenderReport(NTP, 1000, now);
    translator.onForwarded(1);
    int first = NtpTime.compact(write(0).ntp());
    now += 1000 * MILLIS;
    int second = NtpTime.compact(write(0).ntp());
    now += 250 * MILLIS;

    assertThat(translator.roundTripNanos(second, NtpTime.compactOfNanos(200 * MILLIS), now))
        .isCloseTo(50 * MILLIS, within(MILLIS / 10));
    assertThat(translator.roundTripNanos(first, NtpTime.compactOfNanos(1100 * MILLIS), now))
        .isCloseTo(150 * MILLIS, within(MILLIS / 10));
  }

  @Test
  void a_report_of_others_or_of_long_ago_shows_no_round_trip() {
    source.onSenderReport(NTP, 1000, now);
    translator.onForwarded(1);
    int first = NtpTime.compact(write(0).ntp());
    assertThat(translator.roundTripNanos(0, 0, now)).isEqualTo(SenderReportTranslator.UNKNOWN);
    assertThat(translator.roundTripNanos(first + 1, 0, now))
        .isEqualTo(SenderReportTranslator.UNKNOWN);
    for (int i = 0; i < 8; i++) {
      now += 1000 * MILLIS;
      write(0);
    }
    assertThat(translator.roundTripNanos(first, 0, now)).isEqualTo(SenderReportTranslator.UNKNOWN);
  }

  @Test
  void a_delay_that_cannot_be_is_no_negative_round_trip() {
    source.onSenderReport(NTP, 1000, now);
    translator.onForwarded(1);
    int compact = NtpTime.compact(write(0).ntp());

    assertThat(translator.roundTripNanos(compact, 0xffff_ffffL, now)).isZero();
  }

  @Test
  void a_new_stream_counts_from_zero() {
    source.onSenderReport(NTP, 1000, now);
    translator.onForwarded(7);
    int compact = NtpTime.compact(write(0).ntp());
    translator.reset();

    assertThat(translator.packets()).isZero();
    assertThat(translator.octets()).isZero();
    assertThat(translator.roundTripNanos(compact, 0, now))
        .isEqualTo(SenderReportTranslator.UNKNOWN);
  }
}
