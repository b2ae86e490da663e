package dev.sotto.media.dtls;

import java.util.Arrays;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.TlsUtils;

/**
 * Goes through the records of a datagram (RFC 6347 section 4.1). A record that is cut off ends it,
 * as if it were not there.
 *
 * <pre>
 * | type 8 | version 16 | epoch 16 | sequence number 48 | length 16 | body
 * </pre>
 */
final class RecordCursor {
  static final int HEADER_BYTES = 13;

  private static final int EPOCH_OFFSET = 3;
  private static final int LENGTH_OFFSET = 11;

  private final byte[] datagram;
  private int offset;
  private int next;

  RecordCursor(byte[] datagram) {
    this.datagram = datagram;
  }

  /** Moves to the next record, at first to the first; false when there is none. */
  boolean next() {
    if (datagram.length - next < HEADER_BYTES) {
      return false;
    }
    int end = next + HEADER_BYTES + TlsUtils.readUint16(datagram, next + LENGTH_OFFSET);
    if (end > datagram.length) {
      return false;
    }
    offset = next;
    next = end;
    return true;
  }

  /** The record with its header. */
  byte[] toByteArray() {
    return Arrays.copyOfRange(datagram, offset, next);
  }

  int bodyOffset() {
    return offset + HEADER_BYTES;
  }

  int bodyBytes() {
    return next - bodyOffset();
  }

  boolean isEncrypted() {
    return TlsUtils.readUint16(datagram, offset + EPOCH_OFFSET) > 0;
  }

  boolean isPlainHandshake() {
    return datagram[offset] == ContentType.handshake && !isEncrypted();
  }

  boolean isChangeCipherSpec() {
    return datagram[offset] == ContentType.change_cipher_spec;
  }
}
