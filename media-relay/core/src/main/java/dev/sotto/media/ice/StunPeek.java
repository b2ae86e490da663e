package dev.sotto.media.ice;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * A view of a STUN message (RFC 8489 section 5) in a datagram, for deciding where it goes and
 * whether it is worth reading: type, the local half of USERNAME, and which attributes it has.
 *
 * <pre>
 *  0                   1                   2                   3
 * |0 0|     STUN Message Type     |         Message Length        |
 * |                         Magic Cookie                          |
 * |                     Transaction ID (96 bits)                  |
 * |             Type              |            Length             |  attributes, padded to 4
 * </pre>
 *
 * Wrapped again and again; allocates nothing. What {@link #wrap} refuses has no meaning in the
 * getters. Of an attribute that comes twice the first counts (section 14), and of what follows
 * MESSAGE-INTEGRITY only FINGERPRINT.
 */
public final class StunPeek {
  static final int HEADER_BYTES = 20;
  static final int ATTRIBUTE_HEADER_BYTES = 4;
  static final int INTEGRITY_BYTES = 20;

  /** A response need not name more; a check has none. */
  static final int MAXIMUM_UNKNOWN = 8;

  private static final int LENGTH_OFFSET = 2;
  private static final int COOKIE_OFFSET = 4;
  private static final int MAGIC_COOKIE = 0x2112A442;

  /** Methods above belong to other protocols on a shared port (RFC 7983 section 7). */
  private static final int LAST_TYPE = 0x03FF;

  private static final int BINDING_REQUEST = 0x0001;
  private static final int COMPREHENSION_OPTIONAL = 0x8000;

  private static final int USERNAME = 0x0006;
  private static final int MESSAGE_INTEGRITY = 0x0008;
  private static final int MESSAGE_INTEGRITY_SHA256 = 0x001C;
  private static final int PRIORITY = 0x0024;
  private static final int USE_CANDIDATE = 0x0025;
  private static final int FINGERPRINT = 0x8028;
  private static final int ICE_CONTROLLED = 0x8029;
  private static final int ICE_CONTROLLING = 0x802A;

  /** RFC 8489 section 14.3. */
  private static final int MAXIMUM_USERNAME_BYTES = 508;

  private static final int ABSENT = -1;

  private final int[] unknown = new int[MAXIMUM_UNKNOWN];
  private int type;
  private long localUfragKey;
  private int integrityOffset;
  private int unknownCount;
  private boolean hasUsername;
  private boolean hasFingerprint;
  private boolean useCandidate;
  private boolean controlled;

  /**
   * Looks at a datagram that must hold one STUN message and nothing else.
   *
   * @return false when it does not, or when an attribute that ICE uses has not its length
   */
  public boolean wrap(MemorySegment segment, long offset, int length) {
    if (length < HEADER_BYTES || (length & 3) != 0) {
      return false;
    }
    type = Wire.u16(segment, offset);
    if (type > LAST_TYPE
        || Wire.u16(segment, offset + LENGTH_OFFSET) != length - HEADER_BYTES
        || Wire.i32(segment, offset + COOKIE_OFFSET) != MAGIC_COOKIE) {
      return false;
    }
    localUfragKey = 0;
    integrityOffset = ABSENT;
    unknownCount = 0;
    hasUsername = false;
    hasFingerprint = false;
    useCandidate = false;
    controlled = false;
    return readAttributes(segment, offset, length);
  }

  /** Whether it is a request of the Binding method, as checks are. */
  public boolean isBindingRequest() {
    return type == BINDING_REQUEST;
  }

  /**
   * The first eight bytes of USERNAME as a big-endian number when a colon follows them, else 0,
   * which no fragment is. See {@link IceCredentials}.
   */
  public long localUfragKey() {
    return localUfragKey;
  }

  public boolean hasUsername() {
    return hasUsername;
  }

  public boolean hasIntegrity() {
    return integrityOffset != ABSENT;
  }

  public boolean hasFingerprint() {
    return hasFingerprint;
  }

  /** Whether the sender nominates this pair (RFC 8445 section 7.1.2). */
  public boolean useCandidate() {
    return useCandidate;
  }

  /** Whether the sender takes the controlled role, which is ours (RFC 8445 section 7.1.3). */
  public boolean isControlled() {
    return controlled;
  }

  /** How many comprehension-required attributes are unknown here; at most eight are counted. */
  public int unknownCount() {
    return unknownCount;
  }

  /** The type of such an attribute. */
  public int unknown(int index) {
    return unknown[index];
  }

  /** Where MESSAGE-INTEGRITY begins, in bytes from the start of the message. */
  int integrityOffset() {
    return integrityOffset;
  }

  private boolean readAttributes(MemorySegment segment, long offset, int length) {
    int at = HEADER_BYTES;
    while (at < length) {
      if (hasFingerprint) {
        return false; // it is the last attribute or none (RFC 8489 section 14.7)
      }
      int attribute = Wire.u16(segment, offset + at);
      int bytes = Wire.u16(segment, offset + at + LENGTH_OFFSET);
      if (bytes > length - at - ATTRIBUTE_HEADER_BYTES
          || !read(segment, offset, at, attribute, bytes)) {
        return false;
      }
      at += ATTRIBUTE_HEADER_BYTES + (bytes + 3 & ~3);
    }
    return true;
  }

  private boolean read(MemorySegment segment, long offset, int at, int attribute, int bytes) {
    if (attribute == FINGERPRINT) {
      hasFingerprint = true;
      return bytes == Integer.BYTES;
    }
    if (hasIntegrity()) {
      return true;
    }
    return switch (attribute) {
      case USERNAME -> {
        if (!hasUsername) {
          hasUsername = true;
          readUsername(segment, offset + at + ATTRIBUTE_HEADER_BYTES, bytes);
        }
        yield bytes <= MAXIMUM_USERNAME_BYTES;
      }
      case MESSAGE_INTEGRITY -> {
        integrityOffset = at;
        yield bytes == INTEGRITY_BYTES;
      }
      case USE_CANDIDATE -> {
        useCandidate = true;
        yield bytes == 0;
      }
      case ICE_CONTROLLED -> {
        controlled = true;
        yield bytes == Long.BYTES;
      }
      case ICE_CONTROLLING -> bytes == Long.BYTES;
      case PRIORITY -> bytes == Integer.BYTES;
      default -> {
        noteUnknown(attribute);
        yield true;
      }
    };
  }

  private void readUsername(MemorySegment segment, long at, int bytes) {
    int colon = IceCredentials.LOCAL_UFRAG_CHARS;
    if (bytes > colon && Wire.u8(segment, at + colon) == ':') {
      localUfragKey = Wire.i64(segment, at);
    }
  }

  private void noteUnknown(int attribute) {
    // The digest with SHA-256 may come beside the one with SHA-1, which is the one that ICE uses.
    if (attribute < COMPREHENSION_OPTIONAL
        && attribute != MESSAGE_INTEGRITY_SHA256
        && unknownCount < MAXIMUM_UNKNOWN) {
      unknown[unknownCount++] = attribute;
    }
  }
}
