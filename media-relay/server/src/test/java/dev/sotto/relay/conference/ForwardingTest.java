package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.control.ReceiveSlots;
import dev.sotto.relay.statistics.DropReason;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForwardingTest {
  private final Room room = new Room();

  @AfterEach
  void nothing_has_leaked() {
    room.close();
  }

  @Test
  void a_receiver_without_slots_gets_each_source_under_its_own_ssrc() {
    Member alice = room.join(new Described("alice").microphone(1).camera(2, 3));
    Member bob = room.join(new Described("bob"));
    new Microphone(room, alice, 1);
    Camera.single(room, alice, 2);
    room.seconds(2);

    assertThat(bob.of(1)).hasSizeBetween(95, 101);
    assertThat(bob.of(2)).hasSizeGreaterThan(80);
    assertThat(alice.rtp).isEmpty();
  }

  @Test
  void a_receiver_with_slots_gets_what_is_in_them_under_their_ssrcs() {
    Member alice = room.join(new Described("alice").microphone(1).simulcast());
    Member bob = room.join(new Described("bob").slots(2, 2, 5000));
    new Microphone(room, alice, 1);
    Camera.simulcast(room, alice, 20);
    room.seconds(2);

    assertThat(room.occupants("bob")).containsExactly("alice-a0", "", "alice-v0", "");
    assertThat(bob.of(5000)).hasSizeBetween(95, 101);
    assertThat(bob.of(5100)).hasSizeGreaterThan(40);
    assertThat(bob.media()).extracting(Packet::ssrc).containsOnly(5000, 5100);
  }

  @Test
  void slots_are_told_in_the_order_in_which_they_were_given_last() {
    Member alice = room.join(new Described("alice").microphone(1).slots(1, 0, 100));
    Member bob = room.join(new Described("bob").slots(3, 0, 5000));
    new Microphone(room, alice, 1);
    room.seconds(1);
    List<ReceiveSlots.Slot> turned = bob.described().slots.audio().reversed();
    bob.described().slots = new ReceiveSlots(turned, List.of());
    room.change(bob);
    assertThat(room.slots.get("bob"))
        .extracting(ConferenceListener.Occupancy::ssrc)
        .containsExactly(5002L, 5001L, 5000L);
    assertThat(room.occupants("bob")).containsExactly("", "", "alice-a0");
    bob.described().slots = ReceiveSlots.NONE;
    room.change(bob);
    bob.described().slots = new ReceiveSlots(turned, List.of());
    room.announcedSlots.clear();
    room.change(bob);
    assertThat(room.announcedSlots).containsExactly("bob");
  }

  @Test
  void payload_types_and_header_extensions_are_those_of_the_receiver() {
    Described other = new Described("bob").slots(1, 1, 5000);
    other.opus = 109;
    other.vp8 = 120;
    other.rtx = 121;
    other.extensions.clear();
    other.extensions.put("level", 5);
    other.extensions.put("dd", 7);
    other.extensions.put("tcc", 9);
    Member alice = room.join(new Described("alice").microphone(1).simulcast());
    Member bob = room.join(other);
    new Microphone(room, alice, 1);
    Camera.simulcast(room, alice, 20);
    room.seconds(1);

    assertThat(bob.of(5000))
        .isNotEmpty()
        .allSatisfy(packet -> {
          assertThat(packet.payloadType()).isEqualTo(109);
          assertThat(packet.extensions()).containsOnlyKeys(5, 9);
          assertThat(packet.extensions().get(5)[0]).isBetween((byte) 30, (byte) 90);
        });
    assertThat(bob.of(5100))
        .isNotEmpty()
        .allSatisfy(packet -> {
          assertThat(packet.payloadType()).isEqualTo(120);
          assertThat(packet.extensions()).containsOnlyKeys(7, 9);
        });
  }

  @Test
  void packets_of_a_frame_leave_of_one_length_with_the_payload_that_they_came_with() {
    Member alice = room.join(new Described("alice").camera(2, 3));
    Member bob = room.join(new Described("bob"));
    Camera camera = Camera.single(room, alice, 2);
    camera.describes = false;
    room.seconds(2);
    camera.on = false;
    room.seconds(1);
    bob.forget();
    int[] lengths = {900, 900, 901, 905, 400};
    for (int i = 0; i < lengths.length; i++) {
      byte[] payload = new byte[lengths[i]];
      Arrays.fill(payload, (byte) (i + 1));
      int sequence = camera.sequences[0] + i;
      alice.send(Packet.of(alice.described().vp8, sequence, 300_000, 2, payload));
    }
    room.seconds(0.1);

    assertThat(bob.of(2)).extracting(Packet::padding).containsExactly(5, 5, 4, 0, 0);
    for (int i = 0; i < lengths.length; i++) {
      assertThat(bob.of(2).get(i).payload()).hasSize(lengths[i]).containsOnly(i + 1);
    }
  }

  @Test
  void a_receiver_without_the_codec_gets_nothing_and_it_is_counted() {
    Described other = new Described("bob").slots(1, 1, 5000);
    Member alice = room.join(new Described("alice").camera(2, 3));
    Member bob = room.join(other);
    other.vp8 = 100;
    Camera.single(room, alice, 2);
    alice.described().vp8 = 98;
    room.seconds(0.5);

    assertThat(bob.rtp).isEmpty();
    assertThat(
            room.dropped(DropReason.UNKNOWN_PAYLOAD_TYPE) + room.dropped(DropReason.UNKNOWN_SSRC))
        .isPositive();
  }

  @Test
  void an_ssrc_that_nothing_explains_is_dropped_and_counted() {
    Member alice = room.join(new Described("alice").simulcast());
    Member bob = room.join(new Described("bob"));
    alice.send(Packet.of(96, 1, 1, 77, new byte[10]));
    alice.send(Packet.of(96, 2, 1, 77, new byte[10]).with(4, "1").with(10, "z"));
    alice.send(Packet.of(96, 3, 1, 77, new byte[10]).with(4, "2").with(10, "q"));
    room.seconds(0.1);

    assertThat(bob.rtp).isEmpty();
    assertThat(room.dropped(DropReason.UNKNOWN_SSRC)).isEqualTo(3);
  }

  @Test
  void what_is_forwarded_has_no_holes_and_the_payload_of_the_source() {
    Member alice = room.join(new Described("alice").simulcast());
    Member bob = room.join(new Described("bob").slots(0, 1, 5000));
    Camera camera = Camera.simulcast(room, alice, 20);
    room.seconds(3);

    List<Packet> got = bob.of(5100);
    for (int i = 1; i < got.size(); i++) {
      assertThat(got.get(i).sequence()).isEqualTo((got.get(i - 1).sequence() + 1) & 0xffff);
      assertThat(got.get(i).timestamp() - got.get(i - 1).timestamp()).isNotNegative();
    }
    assertThat(camera.keyFramesAsked).isNotEmpty();
  }

  @Test
  void a_rid_whose_ssrc_changes_goes_on_in_the_same_slot() {
    Member alice = room.join(new Described("alice").simulcast());
    Member bob = room.join(new Described("bob").slots(0, 1, 5000));
    Camera camera = Camera.simulcast(room, alice, 20);
    room.seconds(2);
    for (int i = 0; i < 3; i++) {
      camera.ssrcs[i] = 40 + i;
      camera.sequences[i] = 30_000;
    }
    long changed = room.now;
    room.seconds(2);

    assertThat(bob.of(5100, changed + Room.SECOND)).hasSizeGreaterThan(25);
    assertThat(bob.media()).extracting(Packet::ssrc).containsOnly(5100);
  }

  @Test
  void a_receiver_without_slots_keeps_its_stream_of_a_rid_whose_ssrc_changes() {
    Member alice = room.join(new Described("alice").simulcast());
    Member bob = room.join(new Described("bob"));
    Camera camera = Camera.simulcast(room, alice, 20);
    room.seconds(2);
    int ssrc = bob.media().getLast().ssrc();
    camera.ssrcs[0] = 40;
    camera.ssrcs[1] = 41;
    camera.ssrcs[2] = 42;
    room.seconds(2);
    assertThat(bob.media().getLast().ssrc()).isEqualTo(ssrc);

    // Who has gone leaves nothing behind that another source could be put into.
    room.leave(alice);
    bob.forget();
    Member carol = room.join(new Described("carol").camera(70, 71));
    Camera.single(room, carol, 70);
    room.seconds(2);
    assertThat(bob.media()).extracting(Packet::ssrc).containsOnly(70);
  }
}
