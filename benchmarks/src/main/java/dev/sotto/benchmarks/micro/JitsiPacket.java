package dev.sotto.benchmarks.micro;

import org.jitsi.utils.ByteArrayBuffer;

/** A packet at the start of an array of its own, as jitsi-srtp works on it. */
final class JitsiPacket implements ByteArrayBuffer {

  private final byte[] array;
  private int length;

  JitsiPacket(int capacity) {
    array = new byte[capacity];
  }

  /** Makes what stands here an unprotected packet of this length. */
  void writeHeader(int sequenceNumber, int bytes) {
    array[0] = (byte) PacketMill.VERSION_2;
    array[1] = PacketMill.PAYLOAD_TYPE;
    array[2] = (byte) (sequenceNumber >> 8);
    array[3] = (byte) sequenceNumber;
    putInt(4, sequenceNumber);
    putInt(8, PacketMill.SSRC);
    length = bytes;
  }

  private void putInt(int offset, int value) {
    array[offset] = (byte) (value >> 24);
    array[offset + 1] = (byte) (value >> 16);
    array[offset + 2] = (byte) (value >> 8);
    array[offset + 3] = (byte) value;
  }

  @Override
  public byte[] getBuffer() {
    return array;
  }

  @Override
  public int getOffset() {
    return 0;
  }

  @Override
  public int getLength() {
    return length;
  }

  @Override
  public void setLength(int length) {
    this.length = length;
  }

  @Override
  public void setOffset(int offset) {
    throw new UnsupportedOperationException("a packet stays at the start of its array");
  }

  @Override
  public boolean isInvalid() {
    return false;
  }

  @Override
  public void readRegionToBuff(int offset, int bytes, byte[] to) {
    System.arraycopy(array, offset, to, 0, bytes);
  }

  /** The array has room from the start. */
  @Override
  public void grow(int bytes) {}

  @Override
  public void append(byte[] bytes, int count) {
    System.arraycopy(bytes, 0, array, length, count);
    length += count;
  }

  @Override
  public void shrink(int bytes) {
    length -= bytes;
  }
}
