package dev.sotto.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.wire.Wire;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@EachCase
@DisplayName("What is received is taken once, or leaves no trace")
class UnprotectTest {
  @Parameter(0)
  SrtpProfile profile;

  @Parameter(1)
  SrtpProvider provider;

  private Peers peers;
  private SrtpTransform sender;
  private SrtpTransform receiver;

  @BeforeEach
  void open() {
    peers = new Peers(profile, provider, provider);
    sender = peers.client;
    receiver = peers.server;
  }

  @AfterEach
  void close() {
    peers.close();
  }

  private Packet sent(int sequenceNumber) {
    return sent(Packet.SSRC, sequenceNumber);
  }

  private Packet sent(int ssrc, int sequenceNumber) {
    Packet packet = Packet.rtp(ssrc, sequenceNumber, new byte[] {9, 8, 7}, 1, 2);
    packet.protect(sender);
    return packet;
  }

  private Packet sentReport(int ssrc) {
    Packet packet = Packet.rtcp(ssrc, new byte[24]);
    packet.protectRtcp(sender);
    return packet;
  }

  @Test
  void section_3_3_2_a_packet_is_taken_once() {
    Packet first = sent(1);
    Packet replay = first.copy();
    Packet second = sent(2);
    Packet secondReplay = second.copy();

    assertThat(second.unprotect(receiver)).isPositive();
    assertThat(first.unprotect(receiver)).isPositive();
    assertThat(replay.unprotect(receiver)).isEqualTo(SrtpRefusal.REPLAYED.code());
    assertThat(secondReplay.unprotect(receiver)).isEqualTo(SrtpRefusal.REPLAYED.code());
  }

  @Test
  void section_3_3_2_what_lies_behind_the_window_is_too_old() {
    Packet old = sent(10);
    Packet oldest = sent(11);
    sent(12).unprotect(receiver);
    for (int i = 1; i <= ReplayWindow.RECEIVE_PACKETS / 256; i++) {
      Packet next = sent(11 + i * 256 - 1);
      next.unprotect(receiver);
    }

    assertThat(oldest.unprotect(receiver)).isPositive();
    assertThat(old.unprotect(receiver)).isEqualTo(SrtpRefusal.TOO_OLD.code());
  }

  @Test
  void section_3_4_a_control_packet_is_taken_once() {
    Packet first = sentReport(1);
    Packet replay = first.copy();
    Packet second = sentReport(1);

    assertThat(second.unprotectRtcp(receiver)).isEqualTo(32);
    assertThat(first.unprotectRtcp(receiver)).isEqualTo(32);
    assertThat(replay.unprotectRtcp(receiver)).isEqualTo(SrtpRefusal.REPLAYED.code());
    for (int i = 0; i < ReplayWindow.RECEIVE_PACKETS; i++) {
      sentReport(1).unprotectRtcp(receiver);
    }
    assertThat(replay.unprotectRtcp(receiver)).isEqualTo(SrtpRefusal.TOO_OLD.code());
  }

  @Test
  void a_flipped_bit_anywhere_is_refused_and_the_packet_itself_still_taken() {
    Packet packet = sent(3);
    for (int bit = 0; bit < 8 * packet.length; bit++) {
      Packet flipped = packet.copy();
      flipped.flip(bit);
      assertThat(flipped.unprotect(receiver)).as("bit " + bit).isNegative();
    }
    assertThat(peers.server.inbound().states()).isZero();
    assertThat(packet.unprotect(receiver)).isPositive();
  }

  @Test
  void a_flipped_bit_anywhere_in_a_control_packet_is_refused() {
    Packet packet = sentReport(3);
    for (int bit = 0; bit < 8 * packet.length; bit++) {
      Packet flipped = packet.copy();
      flipped.flip(bit);
      assertThat(flipped.unprotectRtcp(receiver)).as("bit " + bit).isNegative();
    }
    assertThat(peers.server.inbound().states()).isZero();
    assertThat(packet.unprotectRtcp(receiver)).isPositive();
  }

  @Test
  void forged_packets_move_neither_window_nor_rollover_counter() {
    sent(65_530).unprotect(receiver);
    for (int sequenceNumber = 0; sequenceNumber < 65_536; sequenceNumber += 97) {
      Packet forged = Packet.rtp(sequenceNumber);
      forged.length += profile.rtpOverheadBytes();
      assertThat(forged.unprotect(receiver)).isNegative();
    }
    Packet genuine = sent(65_531);

    assertThat(genuine.unprotect(receiver)).isPositive();
    assertThat(sent(0).unprotect(receiver)).isPositive();
  }

  @Test
  void garbage_makes_no_state() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] garbage = new byte[12 + random.nextInt(200)];
      random.nextBytes(garbage);
      garbage[0] = (byte) (0x80 | (garbage[0] & 0x1f));
      assertThat(Packet.of(garbage).unprotect(receiver)).isNegative();
      assertThat(Packet.of(garbage).unprotectRtcp(receiver)).isNegative();
    }
    assertThat(peers.server.inbound().states()).isZero();
  }

  @Test
  void each_ssrc_has_its_own_rollover_counter_up_to_the_bound() {
    for (int round = 0; round < 3; round++) {
      for (int ssrc = 0; ssrc < Peers.MAX_SSRCS; ssrc++) {
        int sequenceNumber = (65_000 + ssrc * 200 + round * 300) & 0xffff;
        assertThat(sent(ssrc, sequenceNumber).unprotect(receiver)).isPositive();
      }
    }
    Packet unknown = Packet.rtp(99, 1, new byte[40]);
    assertThat(unknown.unprotect(receiver)).isEqualTo(SrtpRefusal.TOO_MANY_SSRCS.code());
    assertThat(peers.server.inbound().states()).isEqualTo(Peers.MAX_SSRCS);
  }

  @Test
  void nothing_comes_before_the_first_turn_of_the_counter() {
    sent(5).unprotect(receiver);
    Packet before = Packet.rtp(65_535);
    before.length += profile.rtpOverheadBytes();

    assertThat(before.unprotect(receiver)).isEqualTo(SrtpRefusal.TOO_OLD.code());
  }

  @Test
  void a_packet_can_be_decrypted_to_another_place_and_keeps_its_bytes() {
    Packet packet = Packet.rtp(1, 1, new byte[] {5, 6, 7}, 3, 1);
    byte[] plain = packet.bytes();
    packet.protect(sender);
    byte[] secured = packet.bytes();
    Packet target = new Packet();

    int length =
        receiver.unprotectRtp(
            packet.memory, packet.offset, packet.length, target.memory, target.offset);

    target.length = length;
    assertThat(target.bytes()).isEqualTo(plain);
    assertThat(packet.bytes()).isEqualTo(secured);
  }

  @Test
  void the_other_place_may_be_right_before_or_behind_the_packet() {
    Packet packet = sent(1);
    int plain = packet.length - profile.rtpOverheadBytes();

    assertThat(
            receiver.unprotectRtp(
                packet.memory, 3, packet.length, packet.memory, 3 + packet.length))
        .isEqualTo(plain);
    Packet next = sent(2);
    Wire.copy(next.memory, 3, next.memory, 100, next.length);
    assertThat(receiver.unprotectRtp(next.memory, 100, next.length, next.memory, 100 - plain))
        .isEqualTo(plain);
  }

  @Test
  void nothing_of_a_forged_packet_gets_to_the_other_place() {
    Packet packet = sent(1);
    packet.flip(8 * packet.length - 1);
    byte[] forged = packet.bytes();
    Packet target = new Packet();

    int result =
        receiver.unprotectRtp(
            packet.memory, packet.offset, packet.length, target.memory, target.offset);

    assertThat(result).isEqualTo(SrtpRefusal.AUTHENTICATION_FAILED.code());
    assertThat(SrtpRefusal.of(result)).isEqualTo(SrtpRefusal.AUTHENTICATION_FAILED);
    assertThat(Memory.bytes(target.memory, 0, 100)).containsOnly(0);
    assertThat(packet.bytes()).isEqualTo(forged);
  }

  @Test
  void packets_cut_short_are_refused_at_every_length() {
    Packet packet = sent(1);
    Packet report = sentReport(1);
    for (int length = -1; length < packet.length; length++) {
      Packet cut = packet.copy();
      cut.length = length;
      assertThat(cut.unprotect(receiver)).isNegative();
    }
    for (int length = -1; length < report.length; length++) {
      Packet cut = report.copy();
      cut.length = length;
      assertThat(cut.unprotectRtcp(receiver)).isNegative();
    }
    Packet tiny = Packet.rtp(1);
    assertThat(tiny.unprotect(receiver)).isEqualTo(SrtpRefusal.TOO_SHORT.code());
    Packet version = packet.copy();
    Wire.putU8(version.memory, version.offset, 0);
    assertThat(version.unprotect(receiver)).isEqualTo(SrtpRefusal.MALFORMED.code());
    assertThat(version.unprotectRtcp(receiver)).isEqualTo(SrtpRefusal.MALFORMED.code());
  }

  @Test
  void the_keys_of_the_two_directions_differ() {
    Packet reflected = sent(1);

    assertThat(reflected.unprotect(sender)).isEqualTo(SrtpRefusal.AUTHENTICATION_FAILED.code());
  }
}
