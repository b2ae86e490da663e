package dev.sotto.media.srtp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.DisplayName;

/**
 * A datagram through the receiving side of every profile and implementation. In the normal run the
 * saved corpus is read once, with {@code -Djazzer.hooks=true} and JAZZER_FUZZ=1 a search goes on.
 */
@DisplayName("No datagram throws, writes outside of itself or moves the state unless it is genuine")
class UnprotectFuzzTest {
  private static final int MARGIN = 64;
  private static final byte CANARY = 0x5a;

  @FuzzTest(maxDuration = "10m")
  void rtp(byte[] datagram) {
    unprotect(datagram, true);
  }

  @FuzzTest(maxDuration = "10m")
  void rtcp(byte[] datagram) {
    unprotect(datagram, false);
  }

  private static void unprotect(byte[] datagram, boolean isRtp) {
    for (SrtpProfile profile : SrtpProfile.values()) {
      int expected = unprotect(profile, SrtpProvider.JDK, datagram, isRtp);
      require(unprotect(profile, SrtpProvider.LIBCRYPTO, datagram, isRtp) == expected);
    }
  }

  private static int unprotect(
      SrtpProfile profile, SrtpProvider provider, byte[] datagram, boolean isRtp) {
    try (Peers peers = new Peers(profile, provider, provider);
        Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(datagram.length + 2 * MARGIN);
      memory.fill(CANARY);
      MemorySegment.copy(datagram, 0, memory, ValueLayout.JAVA_BYTE, MARGIN, datagram.length);

      int result =
          isRtp
              ? peers.server.unprotectRtp(memory, MARGIN, datagram.length)
              : peers.server.unprotectRtcp(memory, MARGIN, datagram.length);

      for (int i = 0; i < MARGIN; i++) {
        require(Wire.u8(memory, i) == CANARY);
        require(Wire.u8(memory, MARGIN + datagram.length + i) == CANARY);
      }
      if (result < 0) {
        require(SrtpRefusal.of(result).code() == result);
        require(peers.server.inbound().states() == 0);
        require(Packet.rtp(1).protect(peers.client) > 0);
      } else {
        require(
            result
                == datagram.length
                    - (isRtp ? profile.rtpOverheadBytes() : profile.rtcpOverheadBytes()));
      }
      return result;
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("an invariant of unprotecting does not hold");
    }
  }
}
