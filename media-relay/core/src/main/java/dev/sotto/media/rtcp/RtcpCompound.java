package dev.sotto.media.rtcp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Cursor over the packets of one RTCP datagram (RFC 3550 section 6.1, appendix A.2). {@link #wrap}
 * checks the structure of all of them first, so a datagram is taken as a whole or not at all;
 * {@link #next} goes from packet to packet. What a packet holds is read by the flyweight of its
 * {@link #type}, which checks the length that it needs.
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P| count/F |  packet type  | length in 32-bit words, less 1|
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class RtcpCompound {
  public static final int HEADER_BYTES = 4;

  static final int VERSION = 2;
  static final int COUNT_MASK = 0x1f;

  /** Header, sender and media source: what feedback has before its own information. */
  static final int FEEDBACK_HEADER_BYTES = 12;

  /** "REMB" in ASCII. */
  static final int REMB_IDENTIFIER = 0x52454d42;

  private static final int PADDING_BIT = 0x20;

  private MemorySegment segment = MemorySegment.NULL;
  private long start;
  private long end;
  private long offset;
  private long nextOffset;
  private int length;
  private int count;
  private RtcpType type = RtcpType.OTHER;

  /**
   * Goes to the place before the first packet of a datagram.
   *
   * @return false when it is not a sequence of whole RTCP packets of version 2 of which at most the
   *     last is padded; there are no packets then
   */
  public boolean wrap(MemorySegment segment, long offset, int length) {
    this.segment = segment;
    start = offset;
    end = offset + length;
    nextOffset = offset;
    if (isWellFormed()) {
      return true;
    }
    nextOffset = end;
    return false;
  }

  private boolean isWellFormed() {
    long position = start;
    do {
      if (end - position < HEADER_BYTES) {
        return false;
      }
      int first = Wire.u8(segment, position);
      long after = position + packetBytes(position);
      if (first >>> 6 != VERSION || after > end) {
        return false;
      }
      if ((first & PADDING_BIT) != 0) {
        // The padding need not be a multiple of four: Chromium pads transport feedback by 1 to 3.
        int padding = Wire.u8(segment, after - 1);
        return after == end && padding > 0 && padding <= after - position - HEADER_BYTES;
      }
      position = after;
    } while (position < end);
    return true;
  }

  private int packetBytes(long position) {
    return 4 * (Wire.u16(segment, position + 2) + 1);
  }

  /**
   * Whether the datagram starts with something else than a report, as RFC 5506 allows where it was
   * negotiated. To be asked of a datagram that {@link #wrap} took.
   */
  public boolean isReducedSize() {
    int packetType = Wire.u8(segment, start + 1);
    return packetType != RtcpType.SR && packetType != RtcpType.RR;
  }

  /** Goes to the next packet; false when there is none. */
  public boolean next() {
    if (nextOffset >= end) {
      return false;
    }
    offset = nextOffset;
    length = packetBytes(offset);
    nextOffset = offset + length;
    int first = Wire.u8(segment, offset);
    if ((first & PADDING_BIT) != 0) {
      length -= Wire.u8(segment, nextOffset - 1);
    }
    count = first & COUNT_MASK;
    type = typeOf(Wire.u8(segment, offset + 1));
    return true;
  }

  private RtcpType typeOf(int packetType) {
    return switch (packetType) {
      case RtcpType.SR -> RtcpType.SENDER_REPORT;
      case RtcpType.RR -> RtcpType.RECEIVER_REPORT;
      case RtcpType.SDES -> RtcpType.SOURCE_DESCRIPTION;
      case RtcpType.BYE -> RtcpType.GOODBYE;
      case RtcpType.APP -> RtcpType.APPLICATION;
      case RtcpType.RTPFB -> transportFeedback();
      case RtcpType.PSFB -> payloadFeedback();
      case RtcpType.XR -> RtcpType.EXTENDED_REPORT;
      default -> RtcpType.OTHER;
    };
  }

  private RtcpType transportFeedback() {
    return switch (count) {
      case RtcpType.NACK_FORMAT -> RtcpType.NACK;
      case RtcpType.TRANSPORT_FEEDBACK_FORMAT -> RtcpType.TRANSPORT_FEEDBACK;
      default -> RtcpType.OTHER;
    };
  }

  private RtcpType payloadFeedback() {
    return switch (count) {
      case RtcpType.PLI_FORMAT -> RtcpType.PICTURE_LOSS;
      case RtcpType.FIR_FORMAT -> RtcpType.FULL_INTRA_REQUEST;
      case RtcpType.APPLICATION_LAYER_FORMAT ->
          length >= FEEDBACK_HEADER_BYTES + Integer.BYTES
                  && Wire.i32(segment, offset + FEEDBACK_HEADER_BYTES) == REMB_IDENTIFIER
              ? RtcpType.RECEIVER_ESTIMATE
              : RtcpType.OTHER;
      default -> RtcpType.OTHER;
    };
  }

  public RtcpType type() {
    return type;
  }

  /** The five bits beside the version: a count, or the format of feedback. */
  int count() {
    return count;
  }

  public MemorySegment segment() {
    return segment;
  }

  /** Where the present packet starts. */
  public long offset() {
    return offset;
  }

  /** Bytes of the present packet without padding. */
  public int length() {
    return length;
  }
}
