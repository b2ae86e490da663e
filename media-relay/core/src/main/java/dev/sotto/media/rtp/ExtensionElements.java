package dev.sotto.media.rtp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Cursor over the elements of a packet's header extension in one-byte or two-byte form (RFC 8285
 * sections 4.2 and 4.3). Padding is skipped. Elements before a truncated one count; {@link
 * #isMalformed} tells afterwards. Nothing is allocated.
 */
public final class ExtensionElements {
  /** The profile of the one-byte form. */
  public static final int ONE_BYTE_PROFILE = 0xbede;

  /** The profile of the two-byte form, whose last four bits are the application's. */
  public static final int TWO_BYTE_PROFILE = 0x1000;

  private static final int STOP_ID = 15;

  private static final int APPLICATION_BITS = 0x0f;
  private static final int PADDING = 0;

  private MemorySegment segment = MemorySegment.NULL;
  private long position;
  private long end;
  private boolean twoByte;
  private boolean malformed;
  private int id;
  private long valueOffset;
  private int valueLength;

  /**
   * Goes to the place before the first element of a packet that {@link RtpPacket#wrap} took.
   *
   * @return false when the packet has no extension of this kind; there are no elements then
   */
  public boolean wrap(RtpPacket packet) {
    segment = packet.segment();
    position = packet.extensionOffset();
    end = position + packet.extensionLength();
    malformed = false;
    int profile = packet.extensionProfile();
    twoByte = (profile & ~APPLICATION_BITS) == TWO_BYTE_PROFILE;
    if (!twoByte && profile != ONE_BYTE_PROFILE) {
      end = position;
      return false;
    }
    return true;
  }

  /** Goes to the next element; false when there is none. */
  public boolean next() {
    while (position < end && Wire.u8(segment, position) == PADDING) {
      position++;
    }
    if (position >= end) {
      return false;
    }
    return twoByte ? nextTwoByte() : nextOneByte();
  }

  private boolean nextOneByte() {
    int header = Wire.u8(segment, position);
    id = header >>> 4;
    if (id == PADDING || id == STOP_ID) {
      // Padding that claims a length, or the id that is reserved: the rest is not for us.
      position = end;
      return false;
    }
    return take(position + 1, (header & 0x0f) + 1);
  }

  private boolean nextTwoByte() {
    id = Wire.u8(segment, position);
    if (position + 1 >= end) {
      return truncated();
    }
    return take(position + 2, Wire.u8(segment, position + 1));
  }

  private boolean take(long value, int length) {
    if (value + length > end) {
      return truncated();
    }
    valueOffset = value;
    valueLength = length;
    position = value + length;
    return true;
  }

  private boolean truncated() {
    malformed = true;
    position = end;
    return false;
  }

  /** Goes to the first element from here on that has this identifier; false when there is none. */
  public boolean find(int wanted) {
    while (next()) {
      if (id == wanted) {
        return true;
      }
    }
    return false;
  }

  /** Whether an element was found to be longer than what is left of the extension. */
  public boolean isMalformed() {
    return malformed;
  }

  /** 1 to 14 in one-byte form, 1 to 255 in two-byte form. */
  public int id() {
    return id;
  }

  public long valueOffset() {
    return valueOffset;
  }

  /** 1 to 16 in one-byte form, 0 to 255 in two-byte form. */
  public int valueLength() {
    return valueLength;
  }
}
