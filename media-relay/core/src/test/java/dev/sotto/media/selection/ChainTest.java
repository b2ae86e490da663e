package dev.sotto.media.selection;

import static dev.sotto.media.selection.SlotProjection.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dd.DependencyDescriptorReader;
import dev.sotto.media.dd.testkit.DescriptorText;
import dev.sotto.media.selection.testkit.LayeredEncoder;
import dev.sotto.media.selection.testkit.Receiver;
import dev.sotto.media.selection.testkit.TracePacket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A slot watches the chain of what it forwards, and says what the receiver can expect")
class ChainTest {
  private static final long PICTURE = 33_000_000L;

  private final LayeredEncoder encoder = new LayeredEncoder(new Random(5), 0, 0, "L3T3", 500);
  private final Receiver receiver = new Receiver(SlotKind.VIDEO, 100);
  private long now = 1_000_000_000L;

  ChainTest() {
    receiver.occupy(0, 0);
    receiver.setTarget(0, 2, 2);
    pictures(4);
  }

  @Test
  void section_a_6_a_lost_frame_of_the_chain_is_given_time_and_then_a_key_frame_is_asked_for() {
    lose(2, 0);
    pictures(14);
    assertThat(wanted()).as("462 ms later").isEqualTo(NOTHING);
    int before = receiver.sent.size();
    assertThat(before).isGreaterThan(60);

    pictures(3);
    assertThat(wanted()).isZero();
    before = receiver.sent.size();
    pictures(10);
    assertThat(receiver.sent).as("nothing that cannot be decoded goes out").hasSize(before);
    assertThat(receiver.verdicts.get(Verdict.WAITING)).isPositive();

    encoder.wantKeyFrame();
    pictures(4);
    assertThat(receiver.sent.size()).isGreaterThan(before);
    assertThat(wanted()).isEqualTo(NOTHING);
  }

  @Test
  void a_frame_of_the_chain_that_comes_in_time_heals_it() {
    List<TracePacket> lost = lose(2, 0);
    pictures(10);
    lost.forEach(it -> assertThat(receiver.onPacket(it, now)).isEqualTo(Verdict.FORWARD));
    pictures(20);
    assertThat(wanted()).isEqualTo(NOTHING);
  }

  @Test
  void the_next_missing_frame_of_the_chain_is_watched_when_the_first_one_has_come() {
    List<TracePacket> first = lose(2, 0);
    pictures(3);
    lose(2, 0);
    pictures(9);
    first.forEach(it -> receiver.onPacket(it, now));
    pictures(12);
    assertThat(wanted()).as("396 ms after the first has come").isEqualTo(NOTHING);
    pictures(5);
    assertThat(wanted()).isZero();
  }

  @Test
  void section_a_6_a_lost_frame_that_nothing_leans_on_is_no_reason_for_a_key_frame() {
    pictures(1);
    lose(2, 2);
    pictures(40);
    assertThat(wanted()).isEqualTo(NOTHING);
    assertThat(receiver.verdicts).doesNotContainKeys(Verdict.WAITING, Verdict.UNDECODABLE);
  }

  @Test
  void a_frame_of_another_chain_is_no_reason_either() {
    receiver.setTarget(0, 0, 2);
    pictures(4);
    lose(2, 0);
    pictures(40);
    assertThat(wanted()).isEqualTo(NOTHING);
  }

  /** An encoder that does not keep what its switch indications promise. */
  @Test
  void a_frame_that_refers_to_one_that_was_left_out_is_left_out_too() {
    receiver.setTarget(0, 2, 0);
    pictures(4);
    receiver.setTarget(0, 2, 2);
    pictures(4);
    assertThat(receiver.slot.temporalId()).isEqualTo(2);

    now += PICTURE;
    TracePacket base =
        encoder.picture(now).stream().filter(it -> !it.isPadding()).findFirst().orElseThrow();
    int frame = (int) base.frame().number() & 0xffff;
    byte[] usual = base.descriptor().array();
    byte[] refersBack =
        DescriptorText.plain(true, true, usual[0] & 0x3f, frame).withFdiffs(List.of(21)).toBytes();
    TracePacket broken =
        new TracePacket(
            0,
            0,
            base.sequenceNumber(),
            base.timestamp(),
            false,
            100,
            now,
            ByteBuffer.wrap(refersBack),
            base.frame());

    assertThat(receiver.onPacket(broken, now)).isEqualTo(Verdict.UNDECODABLE);
    assertThat(wanted()).as("it was one of the chain").isZero();
  }

  @Test
  void section_a_4_the_receiver_is_told_which_decode_targets_it_can_expect() {
    long before = receiver.sent.lastKey();
    receiver.setTarget(0, 1, 2);
    pictures(8);

    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    DependencyDescriptor descriptor = new DependencyDescriptor();
    for (Receiver.Sent sent : receiver.sent.values()) {
      read(reader, sent, descriptor);
      if (sent.index() <= before) {
        assertThat(descriptor.activeDecodeTargets()).isEqualTo(0b111_111_111);
      } else {
        // The table has the highest first.
        assertThat(descriptor.activeDecodeTargets()).isEqualTo(0b111_111_000);
        assertThat(descriptor.hasActiveDecodeTargets())
            .as("until a frame of the chain has gone out")
            .isEqualTo(sent.packet().frame().number() == keyFrameNumber() + 3 * 4);
      }
    }
  }

  private long keyFrameNumber() {
    return receiver.sent.firstEntry().getValue().packet().frame().number();
  }

  @Test
  void section_a_4_a_receiver_that_begins_below_all_layers_is_told_with_the_structure() {
    receiver.occupy(0, 0);
    receiver.setTarget(0, 0, 0);
    encoder.wantKeyFrame();
    long before = receiver.sent.lastKey();
    pictures(2);

    DependencyDescriptor descriptor = new DependencyDescriptor();
    read(
        new DependencyDescriptorReader(), receiver.sent.higherEntry(before).getValue(), descriptor);
    assertThat(descriptor.hasStructure()).isTrue();
    assertThat(descriptor.activeDecodeTargets()).isEqualTo(0b100_000_000);
  }

  @Test
  void structures_of_one_slot_never_share_template_ids_with_the_one_before() {
    for (int join = 0; join < 6; join++) {
      receiver.occupy(0, 0);
      receiver.setTarget(0, 2, 2);
      encoder.wantKeyFrame();
      pictures(2);
    }
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    DependencyDescriptor descriptor = new DependencyDescriptor();
    int before = -1;
    int structures = 0;
    for (Receiver.Sent sent : receiver.sent.values()) {
      read(reader, sent, descriptor);
      if (descriptor.hasStructure()) {
        int offset = descriptor.structure().templateIdOffset();
        if (before >= 0) {
          assertThat((offset - before) & 63).isEqualTo(descriptor.structure().templateCount());
        }
        before = offset;
        structures++;
      }
    }
    assertThat(structures).isEqualTo(7);
  }

  private static void read(
      DependencyDescriptorReader reader, Receiver.Sent sent, DependencyDescriptor into) {
    byte[] bytes = sent.descriptor().array();
    MemorySegment memory = Arena.ofAuto().allocate(bytes.length);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    reader.read(memory, 0, bytes.length, into);
    assertThat(into.isUsable()).isTrue();
  }

  private int wanted() {
    return receiver.slot.keyFrameWanted(now);
  }

  private void pictures(int count) {
    for (int i = 0; i < count; i++) {
      now += PICTURE;
      encoder.picture(now).forEach(it -> receiver.onPacket(it, now));
    }
  }

  /** The next picture, but for the frame of one layer. */
  private List<TracePacket> lose(int spatialId, int temporalId) {
    now += PICTURE;
    List<TracePacket> packets = encoder.picture(now);
    List<TracePacket> lost =
        packets.stream()
            .filter(it -> !it.isPadding() && it.frame().spatialId() == spatialId)
            .toList();
    assertThat(lost).isNotEmpty().allMatch(it -> it.frame().temporalId() == temporalId);
    packets.stream().filter(it -> !lost.contains(it)).forEach(it -> receiver.onPacket(it, now));
    return lost;
  }
}
