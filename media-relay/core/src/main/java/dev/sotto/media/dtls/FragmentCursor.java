package dev.sotto.media.dtls;

import org.bouncycastle.tls.TlsUtils;

/**
 * Goes through the fragments of handshake messages in a record (RFC 6347 section 4.2.2). The last
 * one may be cut off.
 *
 * <pre>
 * | type 8 | message length 24 | message sequence 16 | fragment offset 24 | fragment length 24 |
 * </pre>
 */
final class FragmentCursor {
  static final int HEADER_BYTES = 12;

  private static final int MESSAGE_LENGTH_OFFSET = 1;
  private static final int FRAGMENT_OFFSET_OFFSET = 6;
  private static final int FRAGMENT_LENGTH_OFFSET = 9;

  private final byte[] record;
  private final int end;
  private int offset;
  private int next;

  FragmentCursor(byte[] record, int offset, int length) {
    this.record = record;
    this.next = offset;
    this.end = offset + length;
  }

  /** Moves to the next fragment, at first to the first; false when no header is left. */
  boolean next() {
    if (end - next < HEADER_BYTES) {
      return false;
    }
    offset = next;
    next = offset + HEADER_BYTES + fragmentBytes();
    return true;
  }

  int messageType() {
    return TlsUtils.readUint8(record, offset);
  }

  int messageBytes() {
    return TlsUtils.readUint24(record, offset + MESSAGE_LENGTH_OFFSET);
  }

  int fragmentOffset() {
    return TlsUtils.readUint24(record, offset + FRAGMENT_OFFSET_OFFSET);
  }

  int fragmentBytes() {
    return TlsUtils.readUint24(record, offset + FRAGMENT_LENGTH_OFFSET);
  }

  /** Whether all of it is in the record, and within its message. */
  boolean isWhole() {
    return next <= end && fragmentOffset() + fragmentBytes() <= messageBytes();
  }
}
