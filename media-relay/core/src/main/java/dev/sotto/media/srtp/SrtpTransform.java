package dev.sotto.media.srtp;

import java.lang.foreign.MemorySegment;

/**
 * Both directions of SRTP and SRTCP on one transport. Packets are native memory, worked on where
 * they stand; every method returns the new length or the {@link SrtpRefusal#code} of a refusal,
 * which leaves the state as it was. The payload of a refused packet is undefined. Owned by one
 * thread at a time; allocates only when an SSRC is new.
 *
 * <p>Offsets outside of a segment, too little room behind a packet to be protected (see {@link
 * SrtpProfile#rtpOverheadBytes}), segments of the heap or of a closed arena and use after {@link
 * #close} are the caller's faults and throw.
 */
public interface SrtpTransform extends AutoCloseable {
  /**
   * How far behind its SSRC's highest a packet may be sent again: half a second of 1000 packets/s.
   * What was lost is asked for within a round trip or two.
   */
  int RESENDABLE_PACKETS = 512;

  SrtpProfile profile();

  /**
   * Protects an RTP packet in place; the tag is appended. The rollover counter follows the sequence
   * numbers of each SSRC. A packet may go out again within {@link #RESENDABLE_PACKETS}, byte for
   * byte the same; with other bytes, be it a header extension only, it is refused as {@link
   * SrtpRefusal#VECTOR_REUSED} and wiped, since two such packets would give AES-GCM's
   * authentication key away. What is to be sent again changed goes out as RTX.
   */
  int protectRtp(MemorySegment packet, long offset, int length);

  /**
   * Protects a packet whose header already stands at its place and whose payload is taken from
   * elsewhere: saves the copy when one payload goes to many receivers. The payload is the part of
   * {@code length} that is not header; it must not overlap with its destination.
   */
  int protectRtp(
      MemorySegment packet, long offset, int length, MemorySegment payload, long payloadOffset);

  /** Verifies and decrypts an SRTP packet in place. */
  int unprotectRtp(MemorySegment packet, long offset, int length);

  /**
   * Verifies an SRTP packet and decrypts it to another place that has room for the result and does
   * not overlap with it. The packet keeps its bytes.
   */
  int unprotectRtp(
      MemorySegment packet,
      long offset,
      int length,
      MemorySegment destination,
      long destinationOffset);

  /** Protects a compound RTCP packet in place; always encrypts. */
  int protectRtcp(MemorySegment packet, long offset, int length);

  /** Verifies an SRTCP packet and decrypts it in place if its E flag says that it is encrypted. */
  int unprotectRtcp(MemorySegment packet, long offset, int length);

  /** Frees native memory and erases the keys. The transform cannot be used afterwards. */
  @Override
  void close();
}
