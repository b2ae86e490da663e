package dev.sotto.benchmarks.micro;

import dev.sotto.media.srtp.SrtpMasterKey;
import dev.sotto.media.srtp.SrtpProfile;
import dev.sotto.media.srtp.SrtpProvider;
import dev.sotto.media.srtp.SrtpTransform;
import dev.sotto.media.srtp.SrtpTransforms;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Sotto's SRTP on native memory, with either of its providers of ciphers. */
final class SottoFlow implements SrtpFlow {

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory;
  private final PacketMill protectedPackets;
  private final PacketMill mill;
  private final SrtpTransform receiver;
  private final int bytes;
  private final int protectedBytes;

  private SottoFlow(SrtpProvider provider, SrtpProfile profile, int bytes) {
    this.bytes = bytes;
    protectedBytes = bytes + profile.rtpOverheadBytes();
    memory = arena.allocate((long) PacketMill.STRIDE * PLACES, 64);
    mill = new PacketMill(provider, profile, bytes);
    // What is only to be read comes from libcrypto, which uses no heap.
    protectedPackets = new PacketMill(SrtpProvider.LIBCRYPTO, profile, bytes);
    SrtpMasterKey key = SrtpFlow.masterKey(profile);
    receiver = SrtpTransforms.with(provider).of(profile, key, key);
  }

  static SottoFlow ofLibcrypto(SrtpProfile profile, int bytes) {
    return new SottoFlow(SrtpProvider.LIBCRYPTO, profile, bytes);
  }

  static SottoFlow ofJdk(SrtpProfile profile, int bytes) {
    return new SottoFlow(SrtpProvider.JDK, profile, bytes);
  }

  @Override
  public int protectNext() {
    return mill.next(memory, 0);
  }

  @Override
  public void sendAll() {
    for (int place = 0; place < PLACES; place++) {
      if (protectedPackets.next(memory, (long) place * PacketMill.STRIDE) != protectedBytes) {
        throw new IllegalStateException("a packet of " + bytes + " bytes was not protected");
      }
    }
  }

  @Override
  public int receive(int place) {
    return receiver.unprotectRtp(memory, (long) place * PacketMill.STRIDE, protectedBytes);
  }

  @Override
  public void close() {
    receiver.close();
    mill.close();
    protectedPackets.close();
    arena.close();
  }
}
