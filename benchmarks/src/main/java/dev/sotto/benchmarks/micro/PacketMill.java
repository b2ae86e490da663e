package dev.sotto.benchmarks.micro;

import dev.sotto.media.srtp.SrtpMasterKey;
import dev.sotto.media.srtp.SrtpProfile;
import dev.sotto.media.srtp.SrtpProvider;
import dev.sotto.media.srtp.SrtpTransform;
import dev.sotto.media.srtp.SrtpTransforms;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/** Packets of one length in the order of their sequence numbers, protected by Sotto's SRTP. */
final class PacketMill implements AutoCloseable {

  /** What a packet takes in memory, at most. */
  static final int STRIDE = 1280;

  static final int SSRC = 0x1234;
  static final int VERSION_2 = 0x80;
  static final int PAYLOAD_TYPE = 96;

  private final SrtpTransform transform;
  private final int bytes;
  private int sequenceNumber;

  PacketMill(SrtpProvider provider, SrtpProfile profile, int bytes) {
    this.bytes = bytes;
    SrtpMasterKey key = SrtpFlow.masterKey(profile);
    transform = SrtpTransforms.with(provider).of(profile, key, key);
  }

  /** Writes the header of the next one before whatever stands there; its length, protected. */
  int next(MemorySegment memory, long offset) {
    Wire.putU8(memory, offset, VERSION_2);
    Wire.putU8(memory, offset + 1, PAYLOAD_TYPE);
    Wire.putU16(memory, offset + 2, sequenceNumber);
    Wire.putU32(memory, offset + 4, sequenceNumber);
    Wire.putU32(memory, offset + 8, SSRC);
    sequenceNumber++;
    return transform.protectRtp(memory, offset, bytes);
  }

  @Override
  public void close() {
    transform.close();
  }
}
