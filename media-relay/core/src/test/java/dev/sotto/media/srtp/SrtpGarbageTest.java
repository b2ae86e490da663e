package dev.sotto.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sotto.media.wire.Wire;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A packet costs no heap with libcrypto")
class SrtpGarbageTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 20_000;

  @ParameterizedTest
  @EnumSource
  void media_and_its_retransmission(SrtpProfile profile) {
    try (Peers peers = new Peers(profile, SrtpProvider.LIBCRYPTO, SrtpProvider.LIBCRYPTO)) {
      Packet packet = Packet.rtp(1, 0, new byte[200]);
      Packet slab = packet.copy();
      int plain = packet.length;
      int[] sequenceNumber = {0};
      assertThat(
              leastBytesAllocated(() -> {
                sequenceNumber[0]++;
                Wire.putU16(packet.memory, packet.offset + 2, sequenceNumber[0]);
                Wire.copy(packet.memory, packet.offset, slab.memory, slab.offset, 12);
                slab.length =
                    peers.client.protectRtp(
                        slab.memory, slab.offset, plain, packet.memory, packet.offset + 12);
                require(slab.length > 0);
                require(slab.unprotect(peers.server) == plain);
                require(slab.protect(peers.client) > 0);
                require(slab.unprotect(peers.server) == SrtpRefusal.REPLAYED.code());
              }))
          .isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void control_packets(SrtpProfile profile) {
    try (Peers peers = new Peers(profile, SrtpProvider.LIBCRYPTO, SrtpProvider.LIBCRYPTO)) {
      Packet packet = Packet.rtcp(1, new byte[100]);
      assertThat(
              leastBytesAllocated(() -> {
                require(packet.protectRtcp(peers.client) > 0);
                require(packet.unprotectRtcp(peers.server) == 108);
              }))
          .isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void forged_packets(SrtpProfile profile) {
    try (Peers peers = new Peers(profile, SrtpProvider.LIBCRYPTO, SrtpProvider.LIBCRYPTO)) {
      Packet packet = Packet.rtp(1, 0, new byte[200]);
      int[] ssrc = {0};
      assertThat(
              leastBytesAllocated(() -> {
                Wire.putU32(packet.memory, packet.offset + 8, ssrc[0]++);
                require(packet.unprotect(peers.server) < 0);
                require(packet.unprotectRtcp(peers.server) < 0);
              }))
          .isZero();
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("a packet had another result than before");
    }
  }

  /** The least of several runs: the compiler is still at work during the first ones. */
  private static long leastBytesAllocated(Runnable onePacket) {
    long least = Long.MAX_VALUE;
    for (int run = 0; run < 20 && least > 0; run++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < ROUNDS; i++) {
        onePacket.run();
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
