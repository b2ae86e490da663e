package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.srtp.SrtpProvider;
import dev.sotto.relay.control.SourceKind;
import dev.sotto.relay.statistics.DropReason;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostileTest {
  private final Room room = new Room(256, SrtpProvider.AUTOMATIC);

  @AfterEach
  void nothing_has_leaked() {
    room.close();
  }

  @Test
  void who_leaves_while_his_packets_wait_leaves_nothing_to_read() {
    Member alice = room.join(new Described("alice").camera(2, 3));
    Member bob = room.join(new Described("bob"));
    Camera camera = Camera.single(room, alice, 2);
    room.seconds(5);
    assertThat(bob.of(2)).isNotEmpty();
    camera.on = false;
    room.millis(500);
    bob.forget();
    for (int i = 0; i < 50; i++) {
      alice.send(
          Packet.of(96, camera.sequences[0] + i, 1 << 20, 2, new byte[900]).with(13, 0, 9, 9));
    }
    assertThat(room.pool.used()).isPositive();
    room.leave(alice);
    room.millis(500);
    assertThat(room.pool.used()).isZero();
    assertThat(room.dropped(DropReason.OVERWRITTEN)).isPositive();
  }

  @Test
  void who_comes_back_under_his_old_id_and_ssrcs_is_seen_again() {
    Member alice = room.join(new Described("alice").microphone(1).camera(2, 3));
    Member bob = room.join(new Described("bob"));
    new Microphone(room, alice, 1);
    Camera.single(room, alice, 2);
    room.seconds(5);
    for (int round = 0; round < 8; round++) {
      room.leave(alice);
      bob.forget();
      alice = room.join(new Described("alice").microphone(1).camera(2, 3));
      new Microphone(room, alice, 1);
      Camera.single(room, alice, 2);
      room.seconds(3);
      assertThat(bob.of(1)).hasSizeGreaterThan(140);
      assertThat(bob.of(2)).hasSizeGreaterThan(50);
    }
    assertThat(room.dropped(DropReason.SRTP_REFUSED)).isZero();
  }

  @Test
  void a_source_that_is_replaced_under_the_same_ssrc_goes_on() {
    Member alice = room.join(new Described("alice").camera(2, 3));
    Member bob = room.join(new Described("bob"));
    Camera.single(room, alice, 2);
    room.seconds(5);
    alice.described().sources =
        List.of(Described.announced("alice-s0", SourceKind.SCREEN, 2, OptionalLong.of(3)));
    room.change(alice);
    bob.forget();
    room.seconds(5);
    assertThat(bob.of(2)).hasSizeGreaterThan(100);
    assertThat(room.dropped(DropReason.SRTP_REFUSED)).isZero();
  }

  @Test
  void slots_may_be_replaced_and_come_back() {
    Member alice = room.join(new Described("alice").camera(2, 3));
    Member bob = room.join(new Described("bob").slots(0, 1, 5000));
    Camera.single(room, alice, 2);
    room.seconds(5);
    for (int first : new int[] {8000, 5000, 8000, 5000}) {
      bob.described().slots(0, 1, first);
      room.change(bob);
      room.millis(300);
      bob.forget();
      room.seconds(3);
      assertThat(bob.of(first + 100)).hasSizeGreaterThan(50);
      assertThat(bob.media()).extracting(Packet::ssrc).containsOnly(first + 100);
    }
    bob.described().slots = dev.sotto.relay.control.ReceiveSlots.NONE;
    room.change(bob);
    room.millis(300);
    bob.forget();
    room.seconds(3);
    assertThat(bob.media()).isNotEmpty().extracting(Packet::ssrc).containsOnly(2);
    assertThat(room.dropped(DropReason.SRTP_REFUSED)).isZero();
  }

  @Test
  void a_sender_may_use_the_ssrc_of_a_slot_of_its_own() {
    Member alice = room.join(new Described("alice").microphone(5000).slots(1, 0, 5000));
    Member bob = room.join(new Described("bob").microphone(6000).slots(1, 0, 5000));
    new Microphone(room, alice, 5000);
    new Microphone(room, bob, 6000);
    room.seconds(2);
    assertThat(alice.of(5000)).hasSizeGreaterThan(90);
    assertThat(bob.of(5000)).hasSizeGreaterThan(90);
  }

  @Test
  void two_who_learnt_the_same_ssrc_do_not_share_a_stream_to_anybody() {
    Member alice = room.join(new Described("alice").simulcast());
    Member carol = room.join(new Described("carol").simulcast());
    Member bob = room.join(new Described("bob"));
    Camera.simulcast(room, alice, 20);
    Camera.simulcast(room, carol, 20);
    room.seconds(8);
    assertThat(room.dropped(DropReason.SRTP_REFUSED)).isZero();
    assertThat(bob.media().stream().map(Packet::ssrc).distinct()).hasSize(2);
  }

  @Test
  void jumps_of_numbers_and_times_pass_and_the_picture_goes_on() {
    Member alice = room.join(new Described("alice").simulcast());
    Member bob = room.join(new Described("bob").slots(0, 1, 5000));
    Camera camera = Camera.simulcast(room, alice, 20);
    Random random = new Random(5);
    for (int i = 0; i < 20; i++) {
      room.seconds(1);
      camera.sequences[i % 3] += random.nextInt(1 << 14);
    }
    long then = room.now;
    room.seconds(4);
    assertThat(bob.of(5100, then + 2 * Room.SECOND)).hasSizeGreaterThan(40);
    assertThat(room.pool.used()).isLessThan(100);
  }

  @Test
  void sound_under_the_ssrc_of_a_picture_is_dropped() {
    Member alice = room.join(new Described("alice").microphone(1).camera(2, 3));
    Member bob = room.join(new Described("bob"));
    alice.send(Packet.of(111, 1, 1, 2, new byte[10]));
    alice.send(Packet.of(96, 1, 1, 1, new byte[10]));
    room.millis(10);
    assertThat(bob.rtp).isEmpty();
    assertThat(room.dropped(DropReason.UNKNOWN_SSRC)).isEqualTo(2);
    alice.send(Packet.of(111, 2, 1, 1, new byte[10]));
    alice.send(Packet.of(96, 3, 1, 1, new byte[10]));
    room.millis(10);
    assertThat(bob.rtp).hasSize(1);
    assertThat(room.dropped(DropReason.UNKNOWN_PAYLOAD_TYPE)).isEqualTo(1);
  }

  @Test
  void an_ssrc_for_each_packet_is_not_followed() {
    Member alice = room.join(new Described("alice").simulcast());
    room.join(new Described("bob").slots(0, 1, 5000));
    for (int i = 0; i < 100; i++) {
      alice.send(Packet.of(96, i, i, 1000 + i, new byte[10]).with(4, "1").with(10, "q"));
    }
    assertThat(room.dropped(DropReason.UNKNOWN_SSRC)).isEqualTo(99);
  }

  @Test
  void packets_without_extensions_and_of_odd_shapes_harm_nobody() {
    Member alice = room.join(new Described("alice").microphone(1).camera(2, 3));
    Member bob = room.join(new Described("bob").microphone(9).slots(1, 1, 5000));
    new Microphone(room, bob, 9);
    Random random = new Random(3);
    for (int i = 0; i < 3000; i++) {
      int type = List.of(96, 97, 111, 50).get(random.nextInt(4));
      Packet packet =
          Packet.of(
              type, i, random.nextInt(), 1 + random.nextInt(3), new byte[random.nextInt(1100)]);
      if (random.nextBoolean()) {
        byte[] noise = new byte[1 + random.nextInt(40)];
        random.nextBytes(noise);
        packet = packet.with(List.of(1, 3, 4, 10, 11, 13).get(random.nextInt(6)), noise);
      }
      byte[] bytes =
          (random.nextInt(4) == 0 ? packet.padded(1 + random.nextInt(200)) : packet).toBytes();
      if (random.nextInt(4) == 0 && bytes.length > 20) {
        // Beyond the part that SRTP itself needs to be sound.
        bytes[12 + random.nextInt(8)] ^= (byte) (1 << random.nextInt(8));
        bytes[0] &= (byte) 0xef;
      }
      alice.sendRaw(bytes);
      if (i % 20 == 0) {
        room.millis(5);
      }
    }
    alice.forget();
    room.seconds(1);
    assertThat(alice.of(9)).hasSizeBetween(45, 52);
  }

  @Test
  void a_pool_that_is_used_up_drops_and_recovers() {
    Member alice = room.join(new Described("alice").camera(2, 3));
    Member[] others = new Member[6];
    for (int i = 0; i < others.length; i++) {
      others[i] = room.join(new Described("other" + i));
    }
    Camera camera = Camera.single(room, alice, 2);
    room.seconds(5);
    for (int i = 0; i < 100; i++) {
      alice.send(
          Packet.of(96, camera.sequences[0]++ & 0xffff, 77, 2, new byte[900]).with(13, 1, 0, i));
    }
    room.seconds(8);
    others[0].forget();
    room.seconds(1);
    assertThat(others[0].of(2)).hasSizeGreaterThan(25);
  }

  @Test
  void a_receiver_without_consent_gets_nothing_and_goes_on_when_it_is_back() {
    Member alice = room.join(new Described("alice").microphone(1).camera(2, 3));
    Member bob = room.join(new Described("bob"));
    new Microphone(room, alice, 1);
    Camera.single(room, alice, 2);
    room.seconds(3);
    bob.keepsConsent = false;
    room.seconds(40);
    bob.forget();
    room.seconds(3);
    assertThat(bob.rtp).isEmpty();
    long unreachable = room.dropped(DropReason.RECEIVER_UNREACHABLE);
    room.seconds(3);
    assertThat(room.dropped(DropReason.RECEIVER_UNREACHABLE)).isEqualTo(unreachable);
    bob.keepsConsent = true;
    room.seconds(5);
    assertThat(bob.of(1)).hasSizeGreaterThan(200);
    assertThat(bob.of(2)).hasSizeGreaterThan(80);
  }
}
