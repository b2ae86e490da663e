package dev.sotto.media.dtls;

/**
 * Keeps from Bouncy Castle what it takes badly though nothing about its sender is proved: a record
 * of the version fefe, which ends the association; and handshake messages of absurd length, since
 * it makes a buffer of whatever length (24 bits) a message's first fragment names, for up to
 * sixteen messages at once.
 */
final class InputGuard {
  /** A chain of RSA certificates is a few thousand bytes. */
  static final int MAXIMUM_MESSAGE_BYTES = 1 << 14;

  private InputGuard() {}

  /**
   * Whether a datagram may be read: all of its records are of a version that exists, and the
   * unencrypted ones name no longer message.
   */
  static boolean admitsDatagram(byte[] datagram) {
    RecordCursor record = new RecordCursor(datagram);
    while (record.next()) {
      if (!record.hasKnownVersion()) {
        return false;
      }
      if (record.isPlainHandshake()
          && !admitsMessages(datagram, record.bodyOffset(), record.bodyBytes())) {
        return false;
      }
    }
    return record.isAtEnd();
  }

  /** Whether none of the message fragments in a record names a longer message. */
  static boolean admitsMessages(byte[] record, int offset, int length) {
    FragmentCursor fragment = new FragmentCursor(record, offset, length);
    while (fragment.next()) {
      if (fragment.messageBytes() > MAXIMUM_MESSAGE_BYTES) {
        return false;
      }
    }
    return true;
  }
}
