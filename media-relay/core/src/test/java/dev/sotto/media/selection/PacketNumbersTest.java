package dev.sotto.media.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.media.selection.testkit.LayeredEncoder;
import dev.sotto.media.selection.testkit.Receiver;
import dev.sotto.media.selection.testkit.TracePacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Each packet has the number that belongs to it")
class PacketNumbersTest {
  private static final long PICTURE = 33_000_000L;

  private final LayeredEncoder encoder = new LayeredEncoder(new Random(3), 0, 0, "L1T3", 5000);
  private final Receiver receiver = new Receiver(SlotKind.VIDEO, 65530);
  private final Rewrite rewrite = new Rewrite();
  private long now = 1_000_000_000L;

  PacketNumbersTest() {
    receiver.occupy(0, 0);
    receiver.setTarget(0, 0, 2);
  }

  @Test
  void what_is_missing_leaves_a_hole_and_is_given_its_number_when_it_comes() {
    deliver(picture());
    List<TracePacket> packets = wholePictures(3);
    TracePacket missing = packets.remove(4);
    deliver(packets);

    long hole = onlyHole();
    assertThat(receiver.slot.find((int) hole & 0xffff, rewrite)).isEqualTo(Sought.KEPT);
    assertThat(rewrite.sourceSequenceNumber()).isEqualTo(missing.sequenceNumber());

    assertThat(receiver.onPacket(missing, now)).isEqualTo(Verdict.FORWARD);
    assertThat(receiver.sent.get(hole).packet()).isEqualTo(missing);
    assertThat(receiver.slot.find((int) hole & 0xffff, rewrite)).isEqualTo(Sought.SENT);
  }

  @Test
  void what_was_not_chosen_closes_up() {
    receiver.setTarget(0, 0, 0);
    deliver(wholePictures(40));

    assertThat(receiver.sent.lastKey() - receiver.sent.firstKey() + 1)
        .isEqualTo(receiver.sent.size());
    assertThat(receiver.verdicts.get(Verdict.NOT_SELECTED)).isPositive();
  }

  @Test
  void a_packet_that_was_missing_and_is_not_chosen_is_filled_in() {
    receiver.setTarget(0, 0, 0);
    deliver(picture());
    List<TracePacket> discarded = picture();
    List<TracePacket> after = wholePictures(4);
    deliver(discarded.subList(1, discarded.size()));
    deliver(after);

    assertThat(receiver.onPacket(discarded.getFirst(), now)).isEqualTo(Verdict.FILL);
    assertThat(receiver.onPacket(discarded.getFirst(), now)).isEqualTo(Verdict.DUPLICATE);
    long filled = receiver.filled.firstKey();
    assertThat(receiver.slot.find((int) filled & 0xffff, rewrite)).isEqualTo(Sought.UNKNOWN);
  }

  @Test
  void duplicates_are_dropped_wherever_they_come() {
    List<TracePacket> packets = wholePictures(6);
    deliver(packets);
    int sent = receiver.sent.size();

    packets.forEach(
        it -> assertThat(receiver.onPacket(it, now)).isIn(Verdict.DUPLICATE, Verdict.NOT_SELECTED));
    assertThat(receiver.sent).hasSize(sent);
  }

  @Test
  void padding_of_the_sender_closes_up() {
    deliver(wholePictures(60));

    assertThat(receiver.verdicts.get(Verdict.PADDING)).isPositive();
    assertThat(receiver.sent.lastKey() - receiver.sent.firstKey() + 1)
        .isEqualTo(receiver.sent.size());
  }

  @Test
  void a_long_gap_shows_as_loss_but_of_no_more_than_64_packets() {
    deliver(picture());
    long before = receiver.sent.lastKey();
    wholePictures(100);
    deliver(wholePictures(1));

    assertThat(receiver.sent.higherKey(before)).isEqualTo(before + 65);
  }

  @Test
  void what_is_asked_for_again_is_found_until_it_is_forgotten() {
    deliver(wholePictures(400));
    long last = receiver.sent.lastKey();
    for (long index = last - 4095; index <= last; index++) {
      Receiver.Sent sent = receiver.sent.get(index);
      if (sent != null) {
        assertThat(receiver.slot.find((int) index & 0xffff, rewrite)).isEqualTo(Sought.SENT);
        assertThat(rewrite.packetIndex()).isEqualTo(index);
        assertThat(rewrite.sourceSequenceNumber()).isEqualTo(sent.packet().sequenceNumber());
        assertThat(rewrite.encoding()).isZero();
        assertThat(rewrite.ssrc()).isEqualTo(0x5107);
      }
    }
    assertThat(receiver.slot.find((int) (last + 1) & 0xffff, rewrite)).isEqualTo(Sought.UNKNOWN);
    assertThat(receiver.slot.find((int) (last - 4096) & 0xffff, rewrite)).isEqualTo(Sought.UNKNOWN);
  }

  @Test
  void sequence_numbers_wrap_and_the_packet_index_counts_on() {
    deliver(wholePictures(10));

    assertThat(receiver.sent.firstKey()).isEqualTo(65530);
    assertThat(receiver.sent.lastKey()).isGreaterThan(65536);
    assertThat(receiver.slot.find(2, rewrite)).isEqualTo(Sought.SENT);
    assertThat(rewrite.packetIndex()).isEqualTo(65538);
    assertThat(rewrite.sequenceNumber()).isEqualTo(2);
  }

  @Test
  void a_key_frame_whose_first_packet_comes_late_is_given_room_behind_it() {
    List<TracePacket> key = picture();
    deliver(key.subList(1, key.size()));
    assertThat(receiver.sent).isEmpty();
    assertThat(receiver.onPacket(key.getFirst(), now)).isEqualTo(Verdict.FORWARD);

    for (int i = 1; i < key.size(); i++) {
      assertThat(receiver.slot.find(65530 + i & 0xffff, rewrite)).isEqualTo(Sought.KEPT);
      assertThat(rewrite.sourceSequenceNumber()).isEqualTo(key.get(i).sequenceNumber());
      assertThat(receiver.onPacket(key.get(i), now)).isEqualTo(Verdict.FORWARD);
    }
    assertThat(receiver.sent.lastKey()).isEqualTo(65530 + key.size() - 1);
  }

  @Test
  void the_history_is_a_power_of_two() {
    assertThatThrownBy(() -> new SlotProjection(SlotKind.AUDIO, 1, 1, 1, 100))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SlotProjection(SlotKind.AUDIO, 1, 1, 1, 32))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private long onlyHole() {
    long hole = -1;
    for (long index = receiver.sent.firstKey(); index < receiver.sent.lastKey(); index++) {
      if (!receiver.sent.containsKey(index)) {
        assertThat(hole).as("another hole").isNegative();
        hole = index;
      }
    }
    return hole;
  }

  private List<TracePacket> picture() {
    now += PICTURE;
    return new ArrayList<>(encoder.picture(now).stream().filter(it -> !it.isPadding()).toList());
  }

  private List<TracePacket> wholePictures(int count) {
    List<TracePacket> packets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      now += PICTURE;
      packets.addAll(encoder.picture(now));
    }
    return packets;
  }

  private void deliver(List<TracePacket> packets) {
    packets.forEach(it -> receiver.onPacket(it, now));
  }
}
