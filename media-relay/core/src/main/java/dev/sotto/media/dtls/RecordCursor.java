package dev.sotto.media.dtls;

import java.util.Arrays;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.TlsUtils;

/**
 * Goes through the records of a datagram (RFC 6347 section 4.1), up to one that is cut off.
 *
 * <pre>
 * | type 8 | version 16 | epoch 16 | sequence number 48 | length 16 | body
 * </pre>
 */
final class RecordCursor {
  static final int HEADER_BYTES = 13;

  private static final int DTLS_1_0 = 0xfeff;
  private static final int DTLS_1_2 = 0xfefd;
  private static final int VERSION_OFFSET = 1;
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

  /** After {@link #next} has said no: whether the datagram has been whole records. */
  boolean isAtEnd() {
    return next == datagram.length;
  }

  /** DTLS 1.0, which first flights bear, or 1.2. */
  boolean hasKnownVersion() {
    int version = TlsUtils.readUint16(datagram, offset + VERSION_OFFSET);
    return version == DTLS_1_0 || version == DTLS_1_2;
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
