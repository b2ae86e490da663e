package dev.sotto.media.ice;

import java.net.InetAddress;

/**
 * A local address and the public one under which it is reached at the same port: configured, or
 * learned.
 *
 * @param local the address that the relay is bound to
 * @param exposed the public address
 * @param type {@link CandidateType#HOST} for a mapping known to be one to one, {@link
 *     CandidateType#SERVER_REFLEXIVE} for one that was observed
 */
public record AddressMapping(InetAddress local, InetAddress exposed, CandidateType type) {
  /**
   * @throws IllegalArgumentException when the two are not of one family, or one is no host's
   */
  public AddressMapping {
    if (local.getClass() != exposed.getClass()) {
      throw new IllegalArgumentException(
          "cannot map "
              + local.getHostAddress()
              + " to another family's "
              + exposed.getHostAddress());
    }
    LocalCandidate.requireHost(local);
    LocalCandidate.requireHost(exposed);
  }
}
