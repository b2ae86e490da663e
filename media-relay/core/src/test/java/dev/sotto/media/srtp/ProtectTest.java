package dev.sotto.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@EachCase
@DisplayName("What is sent never uses a vector for two packets")
class ProtectTest {
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

  @Test
  void section_3_3_1_the_rollover_counter_follows_the_sequence_numbers() {
    for (int index = 65_000; index < 3 * 65_536; index += 100) {
      Packet packet = Packet.rtp(index & 0xffff);
      byte[] plain = packet.bytes();

      assertThat(packet.protect(sender)).isEqualTo(plain.length + profile.rtpOverheadBytes());
      assertThat(packet.unprotect(receiver)).isEqualTo(plain.length);
      assertThat(packet.bytes()).isEqualTo(plain);
    }
  }

  @Test
  void a_packet_that_was_late_across_the_wrap_gets_the_counter_that_was_its_own() {
    for (int sequenceNumber : new int[] {65_533, 65_535, 1, 65_534, 0, 3, 2}) {
      Packet packet = Packet.rtp(sequenceNumber);
      assertThat(packet.protect(sender)).isPositive();
      assertThat(packet.unprotect(receiver)).isPositive();
    }
  }

  @Test
  void the_same_packet_once_more_is_the_same_on_the_wire() {
    Packet first = Packet.rtp(65_535);
    Packet again = first.copy();
    first.protect(sender);
    Packet.rtp(0).protect(sender);

    assertThat(again.protect(sender)).isEqualTo(first.length);
    assertThat(again.bytes()).isEqualTo(first.bytes());
    Packet atOnce = Packet.rtp(0);
    assertThat(atOnce.protect(sender)).isPositive();
  }

  @Test
  void other_bytes_under_the_same_sequence_number_are_refused_and_wiped() {
    Packet payload = Packet.rtp(7);
    Packet header = payload.copy();
    payload.copy().protect(sender);
    payload.flip(8 * 13);
    header.flip(8 * 5);
    byte[] headerBytes = Memory.bytes(header.memory, header.offset, 12);

    assertThat(payload.protect(sender)).isEqualTo(SrtpRefusal.VECTOR_REUSED.code());
    assertThat(header.protect(sender)).isEqualTo(SrtpRefusal.VECTOR_REUSED.code());

    assertThat(Memory.bytes(header.memory, header.offset, 12)).isEqualTo(headerBytes);
    assertThat(Memory.bytes(header.memory, header.offset + 12, 4 + profile.rtpOverheadBytes()))
        .containsOnly(0);
    Packet right = Packet.rtp(7);
    assertThat(right.protect(sender)).isPositive();
  }

  @Test
  void what_is_too_old_to_be_compared_is_refused() {
    Packet.rtp(100).protect(sender);
    Packet.rtp(100 + SrtpTransform.RESENDABLE_PACKETS - 1).protect(sender);
    assertThat(Packet.rtp(100).protect(sender)).isPositive();
    Packet.rtp(100 + SrtpTransform.RESENDABLE_PACKETS).protect(sender);

    assertThat(Packet.rtp(100).protect(sender)).isEqualTo(SrtpRefusal.TOO_OLD.code());
    assertThat(Packet.rtp(65_535).protect(sender)).isEqualTo(SrtpRefusal.TOO_OLD.code());
  }

  @Test
  void section_9_2_the_last_of_2_to_the_48_packets_is_the_last() {
    peers.client.outbound().resume(Packet.SSRC, PacketIndex.LAST - 1, 0);
    peers.server.inbound().resume(Packet.SSRC, PacketIndex.LAST - 1);
    Packet last = Packet.rtp(65_535);

    assertThat(last.protect(sender)).isPositive();
    assertThat(last.unprotect(receiver)).isPositive();
    assertThat(Packet.rtp(0).protect(sender)).isEqualTo(SrtpRefusal.KEY_EXHAUSTED.code());
    Packet beyond = Packet.rtp(0);
    beyond.length = 60;
    assertThat(beyond.unprotect(receiver)).isEqualTo(SrtpRefusal.KEY_EXHAUSTED.code());
  }

  @Test
  void section_9_2_the_last_of_2_to_the_31_control_packets_is_the_last() {
    peers.client.outbound().resume(Packet.SSRC, 0, PacketIndex.LAST_RTCP);
    Packet last = Packet.rtcp(Packet.SSRC, new byte[20]);

    assertThat(last.protectRtcp(sender)).isPositive();
    assertThat(last.unprotectRtcp(receiver)).isEqualTo(28);
    assertThat(Packet.rtcp(Packet.SSRC, new byte[20]).protectRtcp(sender))
        .isEqualTo(SrtpRefusal.KEY_EXHAUSTED.code());
  }

  @Test
  void section_3_4_control_packets_count_from_0_for_each_ssrc_and_are_encrypted() {
    int wordFromEnd = profile == SrtpProfile.AES_CM_128_HMAC_SHA1_80 ? 14 : 4;
    for (int ssrc = 1; ssrc <= 2; ssrc++) {
      for (int index = 0; index < 3; index++) {
        Packet packet = Packet.rtcp(ssrc, new byte[20]);
        packet.protectRtcp(sender);
        assertThat(Wire.i32(packet.memory, packet.offset + packet.length - wordFromEnd))
            .isEqualTo(0x8000_0000 | index);
        assertThat(Memory.bytes(packet.memory, packet.offset + 8, 20)).isNotEqualTo(new byte[20]);
      }
    }
  }

  @Test
  void one_ssrc_too_many_is_refused() {
    for (int ssrc = 0; ssrc < Peers.MAX_SSRCS; ssrc++) {
      assertThat(Packet.rtp(ssrc, 1, new byte[4]).protect(sender)).isPositive();
      assertThat(Packet.rtcp(ssrc, new byte[4]).protectRtcp(sender)).isPositive();
    }
    assertThat(Packet.rtp(99, 1, new byte[4]).protect(sender))
        .isEqualTo(SrtpRefusal.TOO_MANY_SSRCS.code());
    assertThat(Packet.rtcp(99, new byte[4]).protectRtcp(sender))
        .isEqualTo(SrtpRefusal.TOO_MANY_SSRCS.code());
    assertThat(Packet.rtp(0, 2, new byte[4]).protect(sender)).isPositive();
  }

  @Test
  void a_payload_from_elsewhere_gives_the_packet_that_a_copy_would_give() {
    Packet source = Packet.rtp(1, 5, new byte[] {1, 2, 3, 4, 5}, 2, 3);
    Packet inPlace = source.copy();
    Packet gathered = source.copy();
    int header = 12 + 8 + 16;
    gathered.memory.asSlice(gathered.offset + header).fill((byte) 0x55);

    inPlace.protect(sender);
    int length =
        sender.protectRtp(
            gathered.memory, gathered.offset, source.length, source.memory, source.offset + header);

    gathered.length = length;
    assertThat(gathered.bytes()).isEqualTo(inPlace.bytes());
    assertThat(Memory.bytes(source.memory, source.offset + header, 5))
        .containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void a_header_alone_is_a_packet() {
    Packet packet = Packet.rtp(1, 5, new byte[0]);

    assertThat(packet.protect(sender)).isEqualTo(12 + profile.rtpOverheadBytes());
    assertThat(packet.unprotect(receiver)).isEqualTo(12);
    Packet report = Packet.rtcp(1, new byte[0]);
    assertThat(report.protectRtcp(sender)).isEqualTo(8 + profile.rtcpOverheadBytes());
    assertThat(report.unprotectRtcp(receiver)).isEqualTo(8);
  }

  @Test
  void what_is_no_packet_is_refused() {
    Packet shorter = Packet.rtp(1);
    shorter.length = 11;
    Packet version = Packet.rtp(1);
    version.flip(0);
    Packet sources = Packet.rtp(1);
    sources.flip(4);
    Packet extension = Packet.rtp(1, 1, new byte[4], 0, 1);
    Wire.putU16(extension.memory, extension.offset + 14, 60_000);
    Packet report = Packet.rtcp(1, new byte[0]);
    report.length = 7;

    assertThat(shorter.protect(sender)).isEqualTo(SrtpRefusal.TOO_SHORT.code());
    assertThat(version.protect(sender)).isEqualTo(SrtpRefusal.MALFORMED.code());
    assertThat(sources.protect(sender)).isEqualTo(SrtpRefusal.MALFORMED.code());
    assertThat(extension.protect(sender)).isEqualTo(SrtpRefusal.MALFORMED.code());
    assertThat(report.protectRtcp(sender)).isEqualTo(SrtpRefusal.TOO_SHORT.code());
  }

  @Test
  void memory_of_a_closed_arena_is_not_touched() {
    Packet packet = Packet.rtp(1);
    MemorySegment closed;
    try (Arena arena = Arena.ofConfined()) {
      closed = arena.allocate(100);
    }

    assertThatThrownBy(() -> sender.protectRtp(packet.memory, 3, packet.length, closed, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> receiver.unprotectRtp(packet.memory, 3, 60, closed, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void the_faults_of_a_caller_throw_before_native_code_sees_an_address() {
    Packet packet = Packet.rtp(1);
    MemorySegment memory = packet.memory;
    MemorySegment heap = MemorySegment.ofArray(new byte[100]);
    MemorySegment tight = memory.asSlice(packet.offset, packet.length);

    assertThatThrownBy(() -> sender.protectRtp(tight, 0, packet.length))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sender.protectRtcp(tight, 0, packet.length))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> receiver.unprotectRtp(tight, 1, packet.length))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> receiver.unprotectRtcp(tight, -1, packet.length))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sender.protectRtp(heap, 0, 50))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sender.protectRtp(memory, 3, 16, memory, 17))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("overlap");
    assertThatThrownBy(() -> receiver.unprotectRtp(memory, 3, 60, memory, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("overlap");
    sender.close();
    sender.close();
    assertThatThrownBy(() -> packet.protect(sender)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> packet.unprotectRtcp(sender))
        .isInstanceOf(IllegalStateException.class);
  }
}
