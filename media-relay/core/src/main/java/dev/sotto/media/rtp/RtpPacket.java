package dev.sotto.media.rtp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Flyweight over one RTP packet (RFC 3550 section 5.1). {@link #wrap} checks the header once and
 * remembers where its parts are; getters and setters work on the packet's own bytes. One instance
 * serves one event loop, packet after packet; nothing may be read while the last {@code wrap} said
 * false.
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |                             SSRC                              |
 * |                    CSRCs (CC times 32 bits)                   |
 * |      profile (X)              |     length in 32-bit words    |
 * |                       header extension                        |
 * |                  payload, padding (P), its count              |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class RtpPacket {
  public static final int FIXED_HEADER_BYTES = 12;
  public static final int EXTENSION_HEADER_BYTES = 4;
  public static final int VERSION = 2;

  /** What {@link #extensionProfile} says of a packet without a header extension. */
  public static final int NO_EXTENSION = -1;

  static final int PADDING_BIT = 0x20;
  static final int EXTENSION_BIT = 0x10;
  static final int CSRC_COUNT_MASK = 0x0f;
  static final int MARKER_BIT = 0x80;
  static final int PAYLOAD_TYPE_OFFSET = 1;
  static final int SEQUENCE_NUMBER_OFFSET = 2;
  static final int TIMESTAMP_OFFSET = 4;
  static final int SSRC_OFFSET = 8;

  private MemorySegment segment = MemorySegment.NULL;
  private long offset;
  private int length;
  private int headerLength;
  private int paddingLength;
  private int extensionProfile = NO_EXTENSION;
  private int extensionLength;

  /**
   * Points this flyweight at a packet.
   *
   * @return false when the bytes are not a well-formed RTP packet: another version, or a header,
   *     extension or padding that is longer than the packet
   */
  public boolean wrap(MemorySegment segment, long offset, int length) {
    this.segment = segment;
    this.offset = offset;
    this.length = length;
    extensionProfile = NO_EXTENSION;
    extensionLength = 0;
    paddingLength = 0;
    if (length < FIXED_HEADER_BYTES) {
      return false;
    }
    int first = Wire.u8(segment, offset);
    if (first >>> 6 != VERSION) {
      return false;
    }
    headerLength = FIXED_HEADER_BYTES + 4 * (first & CSRC_COUNT_MASK);
    if ((first & EXTENSION_BIT) != 0) {
      long extension = offset + headerLength;
      headerLength += EXTENSION_HEADER_BYTES;
      if (headerLength > length) {
        return false;
      }
      extensionProfile = Wire.u16(segment, extension);
      extensionLength = 4 * Wire.u16(segment, extension + 2);
      headerLength += extensionLength;
    }
    if (headerLength > length) {
      return false;
    }
    if ((first & PADDING_BIT) != 0) {
      // The count includes itself; without padding there would be no place for it.
      paddingLength = Wire.u8(segment, offset + length - 1);
      return paddingLength > 0 && headerLength + paddingLength <= length;
    }
    return true;
  }

  public MemorySegment segment() {
    return segment;
  }

  public long offset() {
    return offset;
  }

  public int length() {
    return length;
  }

  public boolean marker() {
    return (Wire.u8(segment, offset + PAYLOAD_TYPE_OFFSET) & MARKER_BIT) != 0;
  }

  public void marker(boolean marker) {
    putTypeByte(marker, payloadType());
  }

  /** 0 to 127. */
  public int payloadType() {
    return Wire.u8(segment, offset + PAYLOAD_TYPE_OFFSET) & ~MARKER_BIT;
  }

  /** Takes the low 7 bits. */
  public void payloadType(int payloadType) {
    putTypeByte(marker(), payloadType);
  }

  private void putTypeByte(boolean marker, int payloadType) {
    int bits = (payloadType & ~MARKER_BIT) | (marker ? MARKER_BIT : 0);
    Wire.putU8(segment, offset + PAYLOAD_TYPE_OFFSET, bits);
  }

  public int sequenceNumber() {
    return Wire.u16(segment, offset + SEQUENCE_NUMBER_OFFSET);
  }

  /** Takes the low 16 bits. */
  public void sequenceNumber(int sequenceNumber) {
    Wire.putU16(segment, offset + SEQUENCE_NUMBER_OFFSET, sequenceNumber);
  }

  /** In units of the payload's clock, 0 to 2^32 - 1. */
  public long timestamp() {
    return Wire.u32(segment, offset + TIMESTAMP_OFFSET);
  }

  /** Takes the low 32 bits. */
  public void timestamp(long timestamp) {
    Wire.putU32(segment, offset + TIMESTAMP_OFFSET, timestamp);
  }

  public int ssrc() {
    return Wire.i32(segment, offset + SSRC_OFFSET);
  }

  public void ssrc(int ssrc) {
    Wire.putU32(segment, offset + SSRC_OFFSET, ssrc);
  }

  public int csrcCount() {
    return Wire.u8(segment, offset) & CSRC_COUNT_MASK;
  }

  /** A contributing source, of an index below {@link #csrcCount}. */
  public int csrc(int index) {
    return Wire.i32(segment, csrcOffset() + 4L * index);
  }

  long csrcOffset() {
    return offset + FIXED_HEADER_BYTES;
  }

  /** The 16 bits "defined by profile" of the extension, or {@link #NO_EXTENSION}. */
  public int extensionProfile() {
    return extensionProfile;
  }

  /** Where the extension's elements start, behind its own header of four bytes. */
  public long extensionOffset() {
    return offset + headerLength - extensionLength;
  }

  /** Bytes of the extension's elements and their padding, 0 without an extension. */
  public int extensionLength() {
    return extensionLength;
  }

  /** Bytes before the payload. */
  public int headerLength() {
    return headerLength;
  }

  public long payloadOffset() {
    return offset + headerLength;
  }

  /** Bytes of payload without padding; 0 for a packet that only probes. */
  public int payloadLength() {
    return length - headerLength - paddingLength;
  }

  /**
   * Marks the packet at this offset as one that ends in padding, which somebody else has written.
   */
  public static void setPadding(MemorySegment segment, long offset) {
    Wire.putU8(segment, offset, Wire.u8(segment, offset) | PADDING_BIT);
  }

  /** Bytes of padding with their count, 0 without. */
  public int paddingLength() {
    return paddingLength;
  }
}
