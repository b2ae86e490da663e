package dev.sotto.media.loss;

import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.rtp.RtpRewriter;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Retransmission payload format (RFC 4588 section 4): a stream of its own whose payload is the
 * original sequence number, two bytes, and the original payload.
 */
public final class Rtx {
  public static final int ORIGINAL_NUMBER_BYTES = 2;

  /** What {@link #originalNumber} says of a packet that holds no other. */
  public static final int NONE = -1;

  private Rtx() {}

  /**
   * Writes the retransmission of a packet.
   *
   * @param rewriter begun with the original; SSRC, payload type and sequence number already those
   *     of the RTX stream, the timestamp that of the original
   * @param originalNumber the sequence number by which the receiver knows the original
   * @return the length, or {@link RtpRewriter#NO_ROOM}
   */
  public static int write(
      RtpRewriter rewriter, int originalNumber, MemorySegment target, long offset, int capacity) {
    // Padding of the original is gone, and none may be asked for: the payload is put here.
    int header = rewriter.padding(0).headerLength();
    int total = header + ORIGINAL_NUMBER_BYTES + rewriter.payloadLength();
    if (total > capacity) {
      return RtpRewriter.NO_ROOM;
    }
    rewriter.writeHeader(target, offset, capacity);
    Wire.putU16(target, offset + header, originalNumber);
    Wire.copy(
        rewriter.payloadSegment(),
        rewriter.payloadOffset(),
        target,
        offset + header + ORIGINAL_NUMBER_BYTES,
        rewriter.payloadLength());
    return total;
  }

  /** The original's sequence number, or {@link #NONE} for a packet of padding only. */
  public static int originalNumber(RtpPacket rtx) {
    return rtx.payloadLength() < ORIGINAL_NUMBER_BYTES
        ? NONE
        : Wire.u16(rtx.segment(), rtx.payloadOffset());
  }

  /**
   * Turns a received RTX packet into the original where it stands: the header moves up by two
   * bytes, and the flyweight is pointed at the result. Its extensions are those of the RTX packet.
   *
   * @return false, with nothing changed, for a packet that holds no other
   */
  public static boolean restore(RtpPacket rtx, int mediaSsrc, int mediaPayloadType) {
    int number = originalNumber(rtx);
    if (number == NONE) {
      return false;
    }
    MemorySegment segment = rtx.segment();
    long offset = rtx.offset() + ORIGINAL_NUMBER_BYTES;
    int length = rtx.length() - ORIGINAL_NUMBER_BYTES;
    Wire.copy(segment, rtx.offset(), segment, offset, rtx.headerLength());
    rtx.wrap(segment, offset, length);
    rtx.ssrc(mediaSsrc);
    rtx.payloadType(mediaPayloadType);
    rtx.sequenceNumber(number);
    return true;
  }
}
