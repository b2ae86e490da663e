package dev.sotto.media.dtls;

import java.util.Arrays;
import java.util.BitSet;
import org.bouncycastle.tls.HandshakeType;

/**
 * Keeps a server's handshake from getting stuck when a client's CertificateVerify is lost or late.
 * Bouncy Castle takes ChangeCipherSpec as soon as it has the client's key, and from then on nothing
 * of the epoch before: a CertificateVerify that is sent again is not read any more. So what changes
 * the epoch, and what comes in the new one, is withheld until CertificateVerify is complete, and
 * follows it then.
 */
final class FlightGate {
  /** ChangeCipherSpec and Finished are 75 bytes; they may come again before they can be read. */
  static final int MAXIMUM_HELD_BYTES = 256;

  private final BitSet verifyBytes = new BitSet();
  private byte[] held = {};
  private boolean open;

  /** What may be read of a datagram that has come, and of what was withheld. */
  byte[] admit(byte[] datagram) {
    if (open) {
      return datagram;
    }
    int tail = datagram.length;
    RecordCursor record = new RecordCursor(datagram);
    while (record.next()) {
      if (record.isEncrypted() || record.isChangeCipherSpec()) {
        tail = Math.min(tail, record.offset());
      } else if (record.isPlainHandshake()) {
        open |= completesVerify(datagram, record);
      }
    }
    if (open) {
      byte[] following = held;
      held = new byte[0];
      return concatenate(datagram, following);
    }
    byte[] withheld = Arrays.copyOfRange(datagram, tail, datagram.length);
    if (held.length + withheld.length <= MAXIMUM_HELD_BYTES) {
      held = concatenate(held, withheld);
    }
    return Arrays.copyOf(datagram, tail);
  }

  private boolean completesVerify(byte[] datagram, RecordCursor record) {
    FragmentCursor fragment = new FragmentCursor(datagram, record.bodyOffset(), record.bodyBytes());
    while (fragment.next()) {
      if (fragment.messageType() == HandshakeType.certificate_verify
          && fragment.isWhole()
          && fragment.messageBytes() <= HandshakeGuard.MAXIMUM_MESSAGE_BYTES) {
        int from = fragment.fragmentOffset();
        verifyBytes.set(from, from + fragment.fragmentBytes());
        if (verifyBytes.nextClearBit(0) >= fragment.messageBytes()) {
          return true;
        }
      }
    }
    return false;
  }

  private static byte[] concatenate(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
