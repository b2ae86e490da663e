package dev.sotto.relay.control;

/**
 * Username fragment and password of one side of an ICE session (RFC 8445 section 5.3). The password
 * is a secret: it is not in {@link #toString}.
 */
public record IceCredentials(String ufrag, String password) {
  @Override
  public String toString() {
    return "IceCredentials[ufrag=" + ufrag + "]";
  }
}
