package dev.sotto.media.srtp;

import java.lang.foreign.MemorySegment;

/**
 * How one profile lays out and protects a packet of one direction whose SSRC and index are known.
 * Lengths and offsets were checked before; nothing about earlier packets is kept here.
 */
interface PacketCipher extends AutoCloseable {
  /**
   * Encrypts the payload to behind the header that stands at {@code offset}, and the tag to behind
   * it.
   */
  void sealRtp(
      MemorySegment packet,
      long offset,
      int headerLength,
      MemorySegment payload,
      long payloadOffset,
      int payloadLength,
      int ssrc,
      long index);

  /**
   * False when the tag is wrong. The destination offset is that of the payload, not of a header.
   */
  boolean openRtp(
      MemorySegment packet,
      long offset,
      int headerLength,
      MemorySegment destination,
      long destinationOffset,
      int payloadLength,
      int ssrc,
      long index);

  /** The length is that of the RTCP packet alone. */
  void sealRtcp(MemorySegment packet, long offset, int length, int ssrc, int index);

  /** The length is that of the RTCP packet alone; what follows it is the profile's. */
  boolean openRtcp(MemorySegment packet, long offset, int length, int ssrc);

  /** The E flag and index of an SRTCP packet, wherever this profile has them. */
  int rtcpWord(MemorySegment packet, long offset, int length);

  @Override
  void close();
}
