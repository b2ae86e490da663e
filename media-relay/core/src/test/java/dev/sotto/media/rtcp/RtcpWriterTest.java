package dev.sotto.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.rtp.testkit.Bytes;
import dev.sotto.media.rtp.testkit.Recorded;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;

class RtcpWriterTest {
  private static final Map<String, MemorySegment> AIORTC = Recorded.named("/aiortc/rtcp.txt");
  private static final int ROOM = 1200;

  private final MemorySegment out = Bytes.allocate(ROOM);
  private final RtcpWriter writer = new RtcpWriter().begin(out, 0, ROOM);
  private final RtcpCompound compound = new RtcpCompound();

  private String written() {
    return Bytes.hex(out, 0, writer.length());
  }

  private static String aiortc(String name) {
    MemorySegment packet = AIORTC.get(name);
    return Bytes.hex(packet, 0, (int) packet.byteSize());
  }

  private boolean name(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return writer.sourceDescription(0x01020304, Bytes.of(bytes), 0, bytes.length);
  }

  @Test
  void section_6_4_1_a_sender_report_as_another_writes_it() {
    writer.senderReport(0x11223344, 0xeeae8cde8cb2745bL, 0xffff_fff0L, 1000, 4_000_000_000L);
    writer.reportBlock(0xaabbccdd, 64, -5, 0x1ffff, 77, 0x8cde8cb2, 0x10000);

    assertThat(written()).isEqualTo(aiortc("sender-report"));
  }

  @Test
  void section_6_4_2_a_receiver_report_as_another_writes_it() {
    writer.receiverReport(0x11223344);
    writer.reportBlock(1, 0, 8_388_607, 5, 0, 0, 0);
    writer.reportBlock(2, 255, 3, 0xffff_ffffL, 0xffff_ffffL, 1, 2);

    assertThat(written()).isEqualTo(aiortc("receiver-report"));
  }

  @Test
  void section_6_4_1_loss_beyond_24_bits_is_cut_off() {
    writer.receiverReport(1);
    writer.reportBlock(1, 0, Long.MAX_VALUE, 5, 0, 0, 0);
    writer.reportBlock(1, 0, Long.MIN_VALUE, 5, 0, 0, 0);
    read();
    ReportPacket report = new ReportPacket();

    report.wrap(compound);
    report.nextBlock();
    assertThat(report.cumulativeLost()).isEqualTo(0x7fffff);
    report.nextBlock();
    assertThat(report.cumulativeLost()).isEqualTo(-0x800000);
  }

  @Test
  void section_6_4_1_a_report_has_31_blocks_at_most() {
    writer.receiverReport(1);
    for (int i = 0; i < 31; i++) {
      assertThat(writer.reportBlock(i, 0, 0, 0, 0, 0, 0)).isTrue();
    }

    assertThat(writer.reportBlock(31, 0, 0, 0, 0, 0, 0)).isFalse();
    assertThat(writer.receiverReport(1)).isTrue();
    assertThat(writer.reportBlock(31, 0, 0, 0, 0, 0, 0)).isTrue();
    read();
    assertThat(compound.count()).isEqualTo(31);
  }

  @Test
  void a_block_without_a_report_is_refused() {
    assertThat(writer.reportBlock(1, 0, 0, 0, 0, 0, 0)).isFalse();
    writer.goodbye(1);
    assertThat(writer.reportBlock(1, 0, 0, 0, 0, 0, 0)).isFalse();
  }

  @Test
  void section_6_5_1_a_canonical_name_as_another_writes_it() {
    name("bob@example.org");

    assertThat(written()).isEqualTo(aiortc("source-description"));
  }

  @Property
  void section_6_5_a_name_of_any_length_is_read_again(@ForAll @IntRange(max = 260) int length) {
    writer.begin(out, 0, ROOM);
    boolean fits = length >= 1 && length <= 255;
    assertThat(name("n".repeat(length))).isEqualTo(fits);
    if (fits) {
      read();
      SourceDescription description = new SourceDescription();
      description.wrap(compound);
      assertThat(description.next()).isTrue();
      assertThat(description.ssrc()).isEqualTo(0x01020304);
      assertThat(description.nameLength()).isEqualTo(length);
      assertThat(description.next()).isFalse();
    }
  }

  @Test
  void section_6_6_goodbye() {
    writer.goodbye(7);

    assertThat(written()).isEqualTo("81cb000100000007");
  }

  @Test
  void rfc_4585_section_6_2_1_a_nack_as_another_writes_it() {
    for (int number : new int[] {100, 101, 116, 117, 65530, 65535}) {
      writer.nack(0x11223344, 0xaabbccdd, number);
    }

    assertThat(written()).isEqualTo(aiortc("nack"));
  }

  @Test
  void rfc_4585_section_6_2_1_a_number_asked_for_twice_stands_once() {
    writer.nack(1, 2, 65535);
    writer.nack(1, 2, 65535);
    writer.nack(1, 2, 0);

    assertThat(written()).isEqualTo("81cd0003" + "00000001" + "00000002" + "ffff0001");
  }

  @Test
  void rfc_4585_section_6_2_1_each_source_has_a_packet_of_its_own() {
    writer.nack(1, 2, 5);
    writer.nack(1, 3, 6);

    assertThat(written())
        .isEqualTo("81cd0003000000010000000200050000" + "81cd0003000000010000000300060000");
  }

  @Property
  void rfc_4585_section_6_2_1_numbers_in_order_are_read_again(
      @ForAll @IntRange(max = 65535) int start,
      @ForAll @Size(min = 1, max = 60) @UniqueElements List<@IntRange(max = 400) Integer> steps) {
    writer.begin(out, 0, ROOM);
    List<Integer> numbers = steps.stream().sorted().map(step -> start + step & 0xffff).toList();
    numbers.forEach(number -> assertThat(writer.nack(1, 2, number)).isTrue());
    read();
    GenericNack nack = new GenericNack();
    nack.wrap(compound);
    List<Integer> found = new ArrayList<>();
    while (nack.next()) {
      found.add(nack.sequenceNumber());
    }

    assertThat(found).isEqualTo(numbers);
  }

  @Test
  void rfc_4585_section_6_3_1_a_picture_loss_indication_as_another_writes_it() {
    writer.pictureLoss(0x11223344, 0xaabbccdd);

    assertThat(written()).isEqualTo(aiortc("picture-loss"));
  }

  @Test
  void rfc_5104_section_4_3_1_requests_to_several_sources_share_a_packet() {
    writer.fullIntraRequest(1, 2, 255);
    writer.fullIntraRequest(1, 3, 256);

    assertThat(written())
        .isEqualTo("84ce0006" + "00000001" + "00000000" + "00000002ff000000" + "0000000300000000");
  }

  @Test
  void remb_section_2_2_an_estimate_as_another_writes_it() {
    writer.receiverEstimate(0x11223344, 4_160_000, new int[] {2, 3, 9}, 2);

    assertThat(written()).isEqualTo(aiortc("receiver-estimate"));
  }

  @Property
  void remb_section_2_2_an_estimate_loses_less_than_a_millionth_part(
      @ForAll @LongRange(min = 0) long bitrateBps) {
    writer.begin(out, 0, ROOM);
    writer.receiverEstimate(1, bitrateBps, new int[0], 0);
    read();
    ReceiverEstimate estimate = new ReceiverEstimate();

    assertThat(estimate.wrap(compound)).isTrue();
    assertThat(estimate.bitrateBps()).isBetween(bitrateBps - (bitrateBps >> 17), bitrateBps);
  }

  @Test
  void packets_stand_one_behind_the_other() {
    writer.receiverReport(1);
    name("a");
    writer.pictureLoss(1, 2);
    compound.wrap(out, 0, writer.length());
    List<RtcpType> types = new ArrayList<>();
    while (compound.next()) {
      types.add(compound.type());
    }

    assertThat(types)
        .containsExactly(
            RtcpType.RECEIVER_REPORT, RtcpType.SOURCE_DESCRIPTION, RtcpType.PICTURE_LOSS);
  }

  @Test
  void what_has_no_room_leaves_what_was_written() {
    for (int room = 0; room < 100; room++) {
      out.fill((byte) 0x5a);
      writer.begin(out, 0, room);
      writer.senderReport(1, 2, 3, 4, 5);
      writer.reportBlock(1, 0, 0, 0, 0, 0, 0);
      name("somebody");
      writer.nack(1, 2, 5);
      writer.nack(1, 2, 500);
      writer.pictureLoss(1, 2);
      writer.fullIntraRequest(1, 2, 3);
      writer.fullIntraRequest(1, 3, 3);
      writer.receiverEstimate(1, 1000, new int[] {1}, 1);
      writer.goodbye(1);

      assertThat(writer.length()).isLessThanOrEqualTo(room);
      assertThat(compound.wrap(out, 0, writer.length())).isEqualTo(writer.length() > 0);
      assertThat(Bytes.hex(out, room, 8)).isEqualTo("5a".repeat(8));
    }
  }

  private void read() {
    assertThat(compound.wrap(out, 0, writer.length())).isTrue();
    assertThat(compound.next()).isTrue();
  }
}
