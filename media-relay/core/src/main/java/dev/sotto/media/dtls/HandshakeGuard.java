package dev.sotto.media.dtls;

/**
 * Keeps handshake messages of absurd length from Bouncy Castle, which makes a buffer of whatever
 * length (24 bits) a message's first fragment names, for up to sixteen messages at once, before
 * anything about the sender is proved.
 */
final class HandshakeGuard {
  /** A chain of RSA certificates is a few thousand bytes. */
  static final int MAXIMUM_MESSAGE_BYTES = 1 << 14;

  private HandshakeGuard() {}

  /**
   * Whether a datagram may be read: none of its unencrypted handshake records names a longer
   * message. What is no record at all is not this method's to refuse.
   */
  static boolean admitsDatagram(byte[] datagram) {
    RecordCursor record = new RecordCursor(datagram);
    while (record.next()) {
      if (record.isPlainHandshake()
          && !admitsMessages(datagram, record.bodyOffset(), record.bodyBytes())) {
        return false;
      }
    }
    return true;
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
