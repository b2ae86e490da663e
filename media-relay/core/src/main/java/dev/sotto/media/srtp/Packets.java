package dev.sotto.media.srtp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** What both directions check of a packet before they touch a key. */
final class Packets {
  static final int RTP_HEADER_BYTES = 12;

  private static final int EXTENSION_HEADER_BYTES = 4;

  private Packets() {}

  /**
   * The bytes before the payload (RFC 3550 5.1): fixed header, contributing sources, extension. The
   * code of a refusal when the packet of {@code length} bytes does not hold them.
   */
  static int rtpHeaderLength(MemorySegment packet, long offset, int length) {
    if (length < RTP_HEADER_BYTES) {
      return SrtpRefusal.TOO_SHORT.code();
    }
    int first = Wire.u8(packet, offset);
    int header = RTP_HEADER_BYTES + 4 * (first & 0x0f);
    if ((first & 0x10) != 0) {
      header += EXTENSION_HEADER_BYTES;
      if (header <= length) {
        header += 4 * Wire.u16(packet, offset + header - 2);
      }
    }
    return first >>> 6 == 2 && header <= length ? header : SrtpRefusal.MALFORMED.code();
  }

  static int rtpSequenceNumber(MemorySegment packet, long offset) {
    return Wire.u16(packet, offset + 2);
  }

  static int rtpSsrc(MemorySegment packet, long offset) {
    return Wire.i32(packet, offset + 8);
  }

  /** 0 when there is a first header with the SSRC of its sender, else the code of a refusal. */
  static int checkRtcp(MemorySegment packet, long offset, int length) {
    if (length < RtcpWord.CLEAR_BYTES) {
      return SrtpRefusal.TOO_SHORT.code();
    }
    return Wire.u8(packet, offset) >>> 6 == 2 ? 0 : SrtpRefusal.MALFORMED.code();
  }

  static int rtcpSsrc(MemorySegment packet, long offset) {
    return Wire.i32(packet, offset + 4);
  }

  /**
   * Throws on a caller's fault: libcrypto is handed bare addresses. The read asks the segment
   * whether its arena is open and this thread may use it.
   */
  static void checkBounds(MemorySegment segment, long offset, long length) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("packets are in native memory only");
    }
    if (length > 0) {
      Objects.checkFromIndexSize(offset, length, segment.byteSize());
      Wire.u8(segment, offset);
    }
  }

  /** Throws when two ranges that should be apart share bytes. */
  static void checkDisjoint(
      MemorySegment one,
      long oneOffset,
      long oneLength,
      MemorySegment other,
      long otherOffset,
      long otherLength) {
    long distance = other.address() + otherOffset - one.address() - oneOffset;
    if (distance < oneLength && -distance < otherLength) {
      throw new IllegalArgumentException("source and destination overlap");
    }
  }
}
