package dev.sotto.media.rtcp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Cursor over the canonical names of a source description (RFC 3550 section 6.5); other items are
 * skipped. A chunk that is cut off ends the walk.
 */
public final class SourceDescription {
  static final int END = 0;
  static final int CNAME = 1;

  private static final int SSRC_BYTES = 4;
  private static final int ITEM_HEADER_BYTES = 2;

  private MemorySegment segment = MemorySegment.NULL;
  private long packetOffset;
  private long position;
  private long end;
  private int chunksLeft;
  private int ssrc;
  private long nameOffset;
  private int nameLength;

  /** Goes to the place before the first chunk; false when the packet is something else. */
  public boolean wrap(RtcpCompound compound) {
    segment = compound.segment();
    packetOffset = compound.offset();
    position = packetOffset + RtcpCompound.HEADER_BYTES;
    end = packetOffset + compound.length();
    boolean description = compound.type() == RtcpType.SOURCE_DESCRIPTION;
    chunksLeft = description ? compound.count() : 0;
    return description;
  }

  /** Goes to the next source that has a canonical name; false when there is none. */
  public boolean next() {
    while (chunksLeft > 0) {
      chunksLeft--;
      if (end - position < SSRC_BYTES) {
        break;
      }
      ssrc = Wire.i32(segment, position);
      position += SSRC_BYTES;
      nameLength = 0;
      if (!skipItems()) {
        break;
      }
      if (nameLength > 0) {
        return true;
      }
    }
    chunksLeft = 0;
    return false;
  }

  /** Goes behind the chunk, and notes the first name in it; false when it has no end. */
  private boolean skipItems() {
    while (position < end) {
      int item = Wire.u8(segment, position);
      if (item == END) {
        // Zeros fill the chunk up to a word's boundary; at least one ends the list.
        position = packetOffset + ((position - packetOffset) & ~3L) + 4;
        return position <= end;
      }
      if (end - position < ITEM_HEADER_BYTES) {
        return false;
      }
      int length = Wire.u8(segment, position + 1);
      long value = position + ITEM_HEADER_BYTES;
      if (value + length > end) {
        return false;
      }
      if (item == CNAME && nameLength == 0) {
        nameOffset = value;
        nameLength = length;
      }
      position = value + length;
    }
    return false;
  }

  public int ssrc() {
    return ssrc;
  }

  public MemorySegment segment() {
    return segment;
  }

  /** Where the canonical name starts: UTF-8 as the sender wrote it. */
  public long nameOffset() {
    return nameOffset;
  }

  /** 1 to 255 bytes. */
  public int nameLength() {
    return nameLength;
  }
}
