package dev.sotto.media.rtp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A small table of media and stream ids (mid, rid): finds the place of the id that a packet has
 * without making a string of it. Ids are 1 to 16 bytes of printable ASCII. Bounded; nothing is
 * taken out, so a place stays valid.
 */
public final class StreamIds {
  public static final int MAX_ID_BYTES = 16;

  /** What is said of an id that is not there, and cannot be added. */
  public static final int NONE = -1;

  private static final int FIRST_PRINTABLE = 0x21;
  private static final int LAST_PRINTABLE = 0x7e;

  private final MemorySegment bytes;
  private final String[] names;
  private final long[] heads;
  private final long[] tails;
  private final int capacity;
  private int size;

  /** The id asked for, as two numbers; bytes behind its end are zero, which no id contains. */
  private long head;

  private long tail;

  public StreamIds(int capacity) {
    this.capacity = capacity;
    // Freed with the table: its bytes are referred to while packets are written.
    bytes = Arena.ofAuto().allocate((long) capacity * MAX_ID_BYTES);
    names = new String[capacity];
    heads = new long[capacity];
    tails = new long[capacity];
  }

  /** The place of an id, or {@link #NONE}. Allocates nothing. */
  public int find(MemorySegment segment, long offset, int length) {
    return pack(segment, offset, length) ? place() : NONE;
  }

  /** The place of the id of a packet, {@link #NONE} if it is new or the packet has none. */
  public int find(HeaderExtensions extensions, ExtensionType type) {
    return extensions.has(type)
        ? find(extensions.segment(), extensions.offset(type), extensions.length(type))
        : NONE;
  }

  /**
   * The place of an id, which is added if it is new.
   *
   * @return {@link #NONE} if the table is full or the id is none
   */
  public int add(MemorySegment segment, long offset, int length) {
    if (!pack(segment, offset, length)) {
      return NONE;
    }
    int place = place();
    if (place != NONE || size == capacity) {
      return place;
    }
    place = size++;
    heads[place] = head;
    tails[place] = tail;
    Wire.copy(segment, offset, bytes, offset(place), length);
    StringBuilder name = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      name.append((char) Wire.u8(segment, offset + i));
    }
    names[place] = name.toString();
    return place;
  }

  /** {@link #add(MemorySegment, long, int)} for an id that comes from signalling. */
  public int add(String id) {
    int length = id.length();
    if (length > MAX_ID_BYTES) {
      return NONE;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(MAX_ID_BYTES);
      for (int i = 0; i < length; i++) {
        char letter = id.charAt(i);
        if (letter > LAST_PRINTABLE) {
          return NONE;
        }
        Wire.putU8(segment, i, letter);
      }
      return add(segment, 0, length);
    }
  }

  private boolean pack(MemorySegment segment, long offset, int length) {
    head = 0;
    tail = 0;
    if (length < 1 || length > MAX_ID_BYTES) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      int letter = Wire.u8(segment, offset + i);
      if (letter < FIRST_PRINTABLE || letter > LAST_PRINTABLE) {
        return false;
      }
      if (i < Long.BYTES) {
        head |= (long) letter << (8 * i);
      } else {
        tail |= (long) letter << (8 * (i - Long.BYTES));
      }
    }
    return true;
  }

  private int place() {
    for (int i = 0; i < size; i++) {
      if (heads[i] == head && tails[i] == tail) {
        return i;
      }
    }
    return NONE;
  }

  public int size() {
    return size;
  }

  public String name(int place) {
    return names[Objects.checkIndex(place, size)];
  }

  /** The bytes of all ids, for {@link RtpRewriter#put}. */
  public MemorySegment segment() {
    return bytes;
  }

  public long offset(int place) {
    return (long) place * MAX_ID_BYTES;
  }

  public int length(int place) {
    return name(place).length();
  }
}
