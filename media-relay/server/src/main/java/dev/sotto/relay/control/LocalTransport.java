package dev.sotto.relay.control;

import java.util.List;

/**
 * The relay's side of an endpoint's transport.
 *
 * @param setup who starts DTLS, as the relay says it of itself
 */
public record LocalTransport(
    IceCredentials credentials,
    DtlsSetup setup,
    List<Fingerprint> fingerprints,
    List<Candidate> candidates) {
  public LocalTransport {
    fingerprints = List.copyOf(fingerprints);
    candidates = List.copyOf(candidates);
  }
}
