package dev.sotto.media.dtls;

import java.security.SecureRandom;
import java.util.List;

/** Makes handshakes that share a source of randomness and settings. Safe to use from any thread. */
public final class DtlsContext {
  private final GuardedCrypto crypto;
  private final DtlsSettings settings;

  public DtlsContext(SecureRandom random, DtlsSettings settings) {
    this.crypto = new GuardedCrypto(random);
    this.settings = settings;
  }

  /**
   * Prepares a handshake, which does nothing until it is run.
   *
   * @param certificate whose fingerprint the endpoint was told
   * @param expected the endpoint's announced fingerprints, at least one
   * @param outlet takes what is sent to the endpoint
   * @param listener hears how it ends
   * @throws IllegalArgumentException without a fingerprint, for then anyone would do
   */
  public DtlsHandshake handshake(
      DtlsRole role,
      DtlsCertificate certificate,
      List<Fingerprint> expected,
      DatagramOutlet outlet,
      DtlsListener listener) {
    if (expected.isEmpty()) {
      throw new IllegalArgumentException("a handshake needs a fingerprint to expect");
    }
    Negotiation negotiation =
        new Negotiation(role, crypto, certificate, List.copyOf(expected), settings);
    RecordTransport transport =
        new RecordTransport(outlet, settings.maximumSendBytes(), new FlightGate(role));
    return new DtlsHandshake(negotiation, transport, listener);
  }
}
