package dev.sotto.media.srtp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** A packet of a test in native memory, with room behind it, and the length that it has now. */
final class Packet {
  static final int SSRC = 0x5501a0b2;

  final MemorySegment memory = Arena.ofAuto().allocate(2048);
  final long offset = 3;
  int length;

  static Packet rtp(int ssrc, int sequenceNumber, byte[] payload) {
    return rtp(ssrc, sequenceNumber, payload, 0, 0);
  }

  static Packet rtp(int sequenceNumber) {
    return rtp(SSRC, sequenceNumber, new byte[] {1, 2, 3, (byte) sequenceNumber});
  }

  static Packet rtp(
      int ssrc, int sequenceNumber, byte[] payload, int contributors, int extensionWords) {
    Packet packet = new Packet();
    boolean isExtended = extensionWords > 0;
    int header = 12 + 4 * contributors + (isExtended ? 4 + 4 * extensionWords : 0);
    byte[] bytes = new byte[header + payload.length];
    new Random(sequenceNumber).nextBytes(bytes);
    System.arraycopy(payload, 0, bytes, header, payload.length);
    packet.put(bytes);
    Wire.putU8(packet.memory, packet.offset, 0x80 | contributors | (isExtended ? 0x10 : 0));
    Wire.putU16(packet.memory, packet.offset + 2, sequenceNumber);
    Wire.putU32(packet.memory, packet.offset + 8, ssrc);
    if (isExtended) {
      Wire.putU16(packet.memory, packet.offset + header - 4L * extensionWords - 2, extensionWords);
    }
    return packet;
  }

  static Packet rtcp(int ssrc, byte[] payload) {
    Packet packet = new Packet();
    packet.put(new byte[8 + payload.length]);
    Wire.putU8(packet.memory, packet.offset, 0x80);
    Wire.putU8(packet.memory, packet.offset + 1, 201);
    Wire.putU32(packet.memory, packet.offset + 4, ssrc);
    MemorySegment.copy(
        payload, 0, packet.memory, ValueLayout.JAVA_BYTE, packet.offset + 8, payload.length);
    return packet;
  }

  static Packet of(byte[] bytes) {
    Packet packet = new Packet();
    packet.put(bytes);
    return packet;
  }

  private void put(byte[] bytes) {
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, offset, bytes.length);
    length = bytes.length;
  }

  byte[] bytes() {
    return Memory.bytes(memory, offset, length);
  }

  Packet copy() {
    return of(bytes());
  }

  void flip(int bit) {
    long at = offset + bit / 8;
    Wire.putU8(memory, at, Wire.u8(memory, at) ^ 0x80 >>> bit % 8);
  }

  int protect(SrtpTransform transform) {
    return take(transform.protectRtp(memory, offset, length));
  }

  int unprotect(SrtpTransform transform) {
    return take(transform.unprotectRtp(memory, offset, length));
  }

  int protectRtcp(SrtpTransform transform) {
    return take(transform.protectRtcp(memory, offset, length));
  }

  int unprotectRtcp(SrtpTransform transform) {
    return take(transform.unprotectRtcp(memory, offset, length));
  }

  private int take(int result) {
    if (result >= 0) {
      length = result;
    }
    return result;
  }
}
