package dev.sotto.media.dtls;

import java.io.ByteArrayOutputStream;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.tls.HandshakeType;

/**
 * Puts the end of the endpoint's last flight in order, which Bouncy Castle does not. It drops
 * ChangeCipherSpec when it has not got the client's key yet, and Finished when it has not got
 * ChangeCipherSpec; worse, after ChangeCipherSpec it reads nothing of the epoch before, so that a
 * CertificateVerify which was lost and is sent again never arrives and the handshake is dead. So
 * what changes the epoch is withheld until all before it is there, and what comes in the new epoch
 * until it has changed.
 */
final class FlightGate {
  /** Finished is 61 bytes; a few more may come before it can be read. */
  static final int MAXIMUM_HELD_BYTES = 256;

  /** The messages that have to be there, by type, and which of their bytes are. */
  private final Map<Integer, BitSet> missing = new HashMap<>();

  private byte[] change = {};
  private byte[] encrypted = {};
  private boolean open;

  FlightGate(DtlsRole role) {
    if (role == DtlsRole.PASSIVE) {
      missing.put((int) HandshakeType.certificate, new BitSet());
      missing.put((int) HandshakeType.client_key_exchange, new BitSet());
      missing.put((int) HandshakeType.certificate_verify, new BitSet());
    }
  }

  /** What may be read of a datagram that has come, and of what was withheld. */
  byte[] admit(byte[] datagram) {
    if (open) {
      return datagram;
    }
    ByteArrayOutputStream admitted = new ByteArrayOutputStream(datagram.length);
    RecordCursor record = new RecordCursor(datagram);
    while (record.next()) {
      if (record.isEncrypted()) {
        withhold(record);
      } else if (record.isChangeCipherSpec()) {
        change = record.bodyBytes() == 1 ? record.toByteArray() : change;
      } else {
        admitted.writeBytes(record.toByteArray());
        note(datagram, record);
      }
    }
    if (missing.isEmpty() && change.length > 0) {
      open = true;
      admitted.writeBytes(change);
      admitted.writeBytes(encrypted);
    }
    return admitted.toByteArray();
  }

  private void withhold(RecordCursor record) {
    byte[] bytes = record.toByteArray();
    int length = encrypted.length + bytes.length + change.length;
    if (length <= MAXIMUM_HELD_BYTES) {
      ByteArrayOutputStream joined = new ByteArrayOutputStream(length);
      joined.writeBytes(encrypted);
      joined.writeBytes(bytes);
      encrypted = joined.toByteArray();
    }
  }

  private void note(byte[] datagram, RecordCursor record) {
    if (!record.isPlainHandshake()) {
      return;
    }
    FragmentCursor fragment = new FragmentCursor(datagram, record.bodyOffset(), record.bodyBytes());
    while (fragment.next()) {
      BitSet there = missing.get(fragment.messageType());
      if (there != null
          && fragment.isWhole()
          && fragment.messageBytes() <= InputGuard.MAXIMUM_MESSAGE_BYTES) {
        int from = fragment.fragmentOffset();
        there.set(from, from + fragment.fragmentBytes());
        if (there.nextClearBit(0) >= fragment.messageBytes()) {
          missing.remove(fragment.messageType());
        }
      }
    }
  }
}
