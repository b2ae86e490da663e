package dev.sotto.relay.link;

/** How a relay shows who it is. Another kind, a client certificate, has its place here. */
public sealed interface LinkCredential {
  /** The secret of the relay's own account; used with SCRAM only, so that no server is told it. */
  record Secret(String value) implements LinkCredential {
    public Secret {
      if (value.isEmpty()) {
        throw new IllegalArgumentException("the secret of the relay is empty");
      }
    }

    /** Without the secret, as settings end up in logs. */
    @Override
    public String toString() {
      return "Secret[...]";
    }
  }
}
