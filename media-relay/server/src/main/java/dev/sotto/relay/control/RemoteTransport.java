package dev.sotto.relay.control;

import java.util.List;
import java.util.Optional;

/**
 * The endpoint's side of its ICE and DTLS transport. Credentials that differ from those known start
 * a new ICE generation, whose candidates are only those given with them; otherwise candidates are
 * added (trickle). Absent credentials and setup, and empty fingerprints, leave what is known.
 *
 * @param setup who starts DTLS, as the endpoint says it of itself
 * @param iceRestart asks the relay for new credentials of its own, which the answer has; those of
 *     the endpoint in the same request go with them. A new endpoint gets new ones anyway.
 */
public record RemoteTransport(
    Optional<IceCredentials> credentials,
    Optional<DtlsSetup> setup,
    List<Fingerprint> fingerprints,
    List<Candidate> candidates,
    boolean iceRestart) {

  /** Nothing is known yet. */
  public static final RemoteTransport UNKNOWN =
      new RemoteTransport(Optional.empty(), Optional.empty(), List.of(), List.of(), false);

  public RemoteTransport {
    fingerprints = List.copyOf(fingerprints);
    candidates = List.copyOf(candidates);
  }
}
