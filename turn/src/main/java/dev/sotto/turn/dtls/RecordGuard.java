package dev.sotto.turn.dtls;

import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.TlsUtils;

/**
 * Keeps from Bouncy Castle what it takes badly though nothing about its sender is proved: a record
 * of a version that does not exist, or too short to be decrypted, ends a session; and for a
 * handshake message it makes a buffer of whatever length (24 bits) a fragment names.
 *
 * <pre>
 * record (RFC 6347 section 4.1):    | type 8 | version 16 | epoch 16 | number 48 | length 16 | body
 * fragment (RFC 6347 section 4.2.2): | type 8 | length 24 | seq 16 | offset 24 | fragment length 24 |
 * </pre>
 */
final class RecordGuard {
  /** A chain of RSA certificates is a few thousand bytes. */
  static final int MAXIMUM_MESSAGE_BYTES = 1 << 14;

  private static final int RECORD_HEADER_BYTES = 13;
  private static final int VERSION_OFFSET = 1;
  private static final int EPOCH_OFFSET = 3;
  private static final int RECORD_LENGTH_OFFSET = 11;
  private static final int DTLS_1_0 = 0xfeff;
  private static final int DTLS_1_2 = 0xfefd;

  private static final int FRAGMENT_HEADER_BYTES = 12;
  private static final int MESSAGE_LENGTH_OFFSET = 1;
  private static final int FRAGMENT_LENGTH_OFFSET = 9;

  private RecordGuard() {}

  /**
   * Whether a datagram is whole records that may be read.
   *
   * @param shortestEncrypted bytes that an encrypted body has at least
   */
  static boolean admits(byte[] datagram, int length, int shortestEncrypted) {
    int record = 0;
    while (length - record >= RECORD_HEADER_BYTES) {
      int body = record + RECORD_HEADER_BYTES;
      int end = body + TlsUtils.readUint16(datagram, record + RECORD_LENGTH_OFFSET);
      int version = TlsUtils.readUint16(datagram, record + VERSION_OFFSET);
      if (end > length || (version != DTLS_1_0 && version != DTLS_1_2)) {
        return false;
      }
      boolean isEncrypted = TlsUtils.readUint16(datagram, record + EPOCH_OFFSET) > 0;
      boolean isAdmitted =
          isEncrypted
              ? end - body >= shortestEncrypted
              : datagram[record] != ContentType.handshake || admitsMessages(datagram, body, end);
      if (!isAdmitted) {
        return false;
      }
      record = end;
    }
    return record == length;
  }

  private static boolean admitsMessages(byte[] datagram, int from, int end) {
    int fragment = from;
    while (end - fragment >= FRAGMENT_HEADER_BYTES) {
      if (TlsUtils.readUint24(datagram, fragment + MESSAGE_LENGTH_OFFSET) > MAXIMUM_MESSAGE_BYTES) {
        return false;
      }
      fragment +=
          FRAGMENT_HEADER_BYTES + TlsUtils.readUint24(datagram, fragment + FRAGMENT_LENGTH_OFFSET);
    }
    return true;
  }
}
