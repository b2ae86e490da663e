package dev.sotto.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.rtp.testkit.Bytes;
import dev.sotto.media.rtp.testkit.Recorded;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RtcpCompoundTest {
  private static final Map<String, MemorySegment> AIORTC = Recorded.named("/aiortc/rtcp.txt");

  private final RtcpCompound compound = new RtcpCompound();

  private boolean wrap(String digits) {
    return wrap(Bytes.hex(digits));
  }

  private boolean wrap(MemorySegment segment) {
    return compound.wrap(segment, 0, (int) segment.byteSize());
  }

  /** A packet of the other implementation as the present one. */
  private void first(String name) {
    assertThat(wrap(AIORTC.get(name))).isTrue();
    assertThat(compound.next()).isTrue();
  }

  private void only(String digits) {
    assertThat(wrap(digits)).isTrue();
    assertThat(compound.next()).isTrue();
  }

  static Stream<String> chromium() {
    return Recorded.lines("/chromium/rtcp.txt").stream();
  }

  @ParameterizedTest
  @MethodSource
  void chromium(String line) {
    List<String> words = List.of(line.split(" ", -1));
    assertThat(wrap(words.getFirst())).isTrue();
    List<String> found = new ArrayList<>();
    while (compound.next()) {
      int packetType = Wire.u8(compound.segment(), compound.offset() + 1);
      found.add(packetType + "/" + compound.count());
      assertThat(compound.type()).isNotEqualTo(RtcpType.OTHER);
    }

    assertThat(found).isEqualTo(words.subList(1, words.size()));
    assertThat(compound.isReducedSize()).isEqualTo(words.get(1).startsWith("205"));
  }

  @Test
  void section_6_1_a_compound_is_walked_packet_by_packet() {
    assertThat(wrap("80c90001 00000001 81ca0002 00000001 01000000 81cb0001 00000001")).isTrue();

    List<RtcpType> types = new ArrayList<>();
    while (compound.next()) {
      types.add(compound.type());
    }
    assertThat(types)
        .containsExactly(RtcpType.RECEIVER_REPORT, RtcpType.SOURCE_DESCRIPTION, RtcpType.GOODBYE);
    assertThat(compound.isReducedSize()).isFalse();
    assertThat(compound.next()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "80c900",
        "80c90002 00000001",
        "80c90001 00000001 80",
        "80c90001 00000001 80ca00",
        "00c90001 00000001",
        "80c90001 00000001 40cb0000",
        "a0c90001 00000000",
        "a0c90001 00000005",
        "a0cb0000",
        "a0c90001 00000004 80cb0000",
        "80c9ffff 00000001",
      })
  void appendix_a_2_a_datagram_with_one_bad_packet_is_refused_as_a_whole(String digits) {
    assertThat(wrap(digits)).isFalse();
    assertThat(compound.next()).isFalse();
  }

  @Test
  void section_6_4_1_padding_of_the_last_packet_is_not_part_of_it() {
    only("a1cb0002 00000007 00000004");

    assertThat(compound.length()).isEqualTo(8);
    Goodbye goodbye = new Goodbye();
    assertThat(goodbye.wrap(compound)).isTrue();
    assertThat(goodbye.ssrc(0)).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({
    "80c80000, SENDER_REPORT",
    "80c90000, RECEIVER_REPORT",
    "80ca0000, SOURCE_DESCRIPTION",
    "80cb0000, GOODBYE",
    "80cc0000, APPLICATION",
    "81cd0000, NACK",
    "8fcd0000, TRANSPORT_FEEDBACK",
    "82cd0000, OTHER",
    "81ce0000, PICTURE_LOSS",
    "84ce0000, FULL_INTRA_REQUEST",
    "8fce0003000000000000000052454d42, RECEIVER_ESTIMATE",
    "8fce0003000000000000000052454d43, OTHER",
    "8fce0002000000000000000052454d42, OTHER",
    "82ce0000, OTHER",
    "80cf0000, EXTENDED_REPORT",
    "80d00000, OTHER",
  })
  void packets_are_told_apart_by_type_and_format(String digits, RtcpType type) {
    int bytes = 4 * (Integer.parseInt(digits.substring(4, 8), 16) + 1);
    only(digits.substring(0, 2 * bytes));

    assertThat(compound.type()).isEqualTo(type);
  }

  @Test
  void section_6_4_1_a_sender_report() {
    first("sender-report");
    ReportPacket report = new ReportPacket();

    assertThat(report.wrap(compound)).isTrue();
    assertThat(report.isSenderReport()).isTrue();
    assertThat(report.senderSsrc()).isEqualTo(0x11223344);
    assertThat(report.ntp()).isEqualTo(0xeeae8cde8cb2745bL);
    assertThat(report.rtpTimestamp()).isEqualTo(0xffff_fff0L);
    assertThat(report.packetCount()).isEqualTo(1000);
    assertThat(report.octetCount()).isEqualTo(4_000_000_000L);
    assertThat(report.nextBlock()).isTrue();
    assertThat(report.blockSsrc()).isEqualTo(0xaabbccdd);
    assertThat(report.fractionLost()).isEqualTo(64);
    assertThat(report.cumulativeLost()).isEqualTo(-5);
    assertThat(report.extendedHighest()).isEqualTo(0x1ffff);
    assertThat(report.jitter()).isEqualTo(77);
    assertThat(report.lastSenderReport()).isEqualTo(0x8cde8cb2);
    assertThat(report.delaySinceLastSenderReport()).isEqualTo(0x10000);
    assertThat(report.nextBlock()).isFalse();
  }

  @Test
  void section_6_4_2_a_receiver_report() {
    first("receiver-report");
    ReportPacket report = new ReportPacket();

    assertThat(report.wrap(compound)).isTrue();
    assertThat(report.isSenderReport()).isFalse();
    assertThat(report.nextBlock()).isTrue();
    assertThat(report.cumulativeLost()).isEqualTo(0x7fffff);
    assertThat(report.nextBlock()).isTrue();
    assertThat(report.blockSsrc()).isEqualTo(2);
    assertThat(report.extendedHighest()).isEqualTo(0xffff_ffffL);
    assertThat(report.nextBlock()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80c80000",
        "80c80005 00000001 00000000 00000000 00000000 00000000",
        "81c90001 00000001",
        "80c90000",
      })
  void a_report_that_is_shorter_than_it_says_is_refused(String digits) {
    only(digits);
    ReportPacket report = new ReportPacket();

    assertThat(report.wrap(compound)).isFalse();
    assertThat(report.nextBlock()).isFalse();
  }

  @Test
  void section_6_5_canonical_names_and_nothing_else() {
    only("82ca0008 00000007 0205416c 69636501 03616263 00000000" + " 00000008 01026364 00000000");
    SourceDescription description = new SourceDescription();

    assertThat(description.wrap(compound)).isTrue();
    assertThat(description.next()).isTrue();
    assertThat(description.ssrc()).isEqualTo(7);
    assertThat(Bytes.hex(description.segment(), description.nameOffset(), description.nameLength()))
        .isEqualTo("616263");
    assertThat(description.next()).isTrue();
    assertThat(description.ssrc()).isEqualTo(8);
    assertThat(description.nameLength()).isEqualTo(2);
    assertThat(description.next()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "81ca0000",
        "81ca0001 00000007",
        "81ca0002 00000007 01ff6161",
        "81ca0002 00000007 01026162",
        "81ca0002 00000007 02026101",
        "81ca0002 00000007 01000000",
        "9fca0002 00000007 00000000",
      })
  void section_6_5_a_chunk_without_an_end_or_a_name_gives_none(String digits) {
    only(digits);
    SourceDescription description = new SourceDescription();

    assertThat(description.wrap(compound)).isTrue();
    assertThat(description.next()).isFalse();
    assertThat(description.next()).isFalse();
  }

  @Test
  void section_6_6_goodbye() {
    first("goodbye");
    Goodbye goodbye = new Goodbye();

    assertThat(goodbye.wrap(compound)).isTrue();
    assertThat(goodbye.ssrcCount()).isEqualTo(2);
    assertThat(goodbye.ssrc(1)).isEqualTo(-1);

    only("82cb0001 00000007");
    assertThat(goodbye.wrap(compound)).isFalse();
    assertThat(goodbye.ssrcCount()).isZero();
  }

  @Test
  void rfc_4585_section_6_2_1_a_nack_asks_for_numbers_and_the_mask_behind_them() {
    first("nack");
    GenericNack nack = new GenericNack();

    assertThat(nack.wrap(compound)).isTrue();
    assertThat(nack.senderSsrc()).isEqualTo(0x11223344);
    assertThat(nack.mediaSsrc()).isEqualTo(0xaabbccdd);
    List<Integer> numbers = new ArrayList<>();
    while (nack.next()) {
      numbers.add(nack.sequenceNumber());
    }
    assertThat(numbers).containsExactly(100, 101, 116, 117, 65530, 65535);
  }

  @Test
  void rfc_4585_section_6_2_1_a_mask_wraps_with_the_numbers() {
    only("81cd0003 00000001 00000002 ffff8001");
    GenericNack nack = new GenericNack();

    nack.wrap(compound);
    List<Integer> numbers = new ArrayList<>();
    while (nack.next()) {
      numbers.add(nack.sequenceNumber());
    }
    assertThat(numbers).containsExactly(65535, 0, 15);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"81cd0000", "81cd0002 00000001 00000002", "81ce0003 00000001 00000002 00010000"})
  void a_nack_without_an_entry_is_refused(String digits) {
    only(digits);
    GenericNack nack = new GenericNack();

    assertThat(nack.wrap(compound)).isFalse();
    assertThat(nack.next()).isFalse();
  }

  @Test
  void rfc_4585_section_6_3_1_a_picture_loss_indication() {
    first("picture-loss");
    PictureLossIndication indication = new PictureLossIndication();

    assertThat(indication.wrap(compound)).isTrue();
    assertThat(indication.senderSsrc()).isEqualTo(0x11223344);
    assertThat(indication.mediaSsrc()).isEqualTo(0xaabbccdd);
    only("81ce0001 00000001");
    assertThat(indication.wrap(compound)).isFalse();
  }

  @Test
  void rfc_5104_section_4_3_1_a_full_intra_request() {
    only("84ce0006 00000001 00000000 aabbccdd 07000000 00000005 ff000000");
    FullIntraRequest request = new FullIntraRequest();

    assertThat(request.wrap(compound)).isTrue();
    assertThat(request.senderSsrc()).isEqualTo(1);
    assertThat(request.entryCount()).isEqualTo(2);
    assertThat(request.ssrc(0)).isEqualTo(0xaabbccdd);
    assertThat(request.commandNumber(0)).isEqualTo(7);
    assertThat(request.ssrc(1)).isEqualTo(5);
    assertThat(request.commandNumber(1)).isEqualTo(255);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"84ce0000", "84ce0002 00000001 00000000", "84ce0003 00000001 00000000 00000005"})
  void a_full_intra_request_without_an_entry_is_refused(String digits) {
    only(digits);
    FullIntraRequest request = new FullIntraRequest();

    assertThat(request.wrap(compound)).isFalse();
    assertThat(request.entryCount()).isZero();
  }

  @Test
  void remb_section_2_2_an_estimate_is_mantissa_and_exponent() {
    first("receiver-estimate");
    ReceiverEstimate estimate = new ReceiverEstimate();

    assertThat(estimate.wrap(compound)).isTrue();
    assertThat(estimate.senderSsrc()).isEqualTo(0x11223344);
    assertThat(estimate.bitrateBps()).isEqualTo(4_160_000);
    assertThat(estimate.ssrcCount()).isEqualTo(2);
    assertThat(estimate.ssrc(0)).isEqualTo(2);
    assertThat(estimate.ssrc(1)).isEqualTo(3);
  }

  @Test
  void remb_section_2_2_a_rate_beyond_all_numbers_is_cut_off() {
    only("8fce0004 00000001 00000000 52454d42 00ffffff");
    ReceiverEstimate estimate = new ReceiverEstimate();

    assertThat(estimate.wrap(compound)).isTrue();
    assertThat(estimate.bitrateBps()).isEqualTo(Long.MAX_VALUE);
    only("8fce0004 00000001 00000000 52454d42 00fc0000");
    assertThat(estimate.wrap(compound)).isTrue();
    assertThat(estimate.bitrateBps()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8fce0003 00000001 00000000 52454d42",
        "8fce0004 00000001 00000000 52454d42 01000000",
        "8fce0005 00000001 00000000 52454d42 02000000 00000001",
      })
  void an_estimate_that_is_shorter_than_it_says_is_refused(String digits) {
    only(digits);

    assertThat(new ReceiverEstimate().wrap(compound)).isFalse();
  }
}
