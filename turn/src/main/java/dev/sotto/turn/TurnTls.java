package dev.sotto.turn;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What the server shows to TLS clients.
 *
 * @param chain the server's certificate first, then those up to a root
 */
public record TurnTls(PrivateKey key, List<X509Certificate> chain) {

  public TurnTls {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a TLS identity needs at least one certificate");
    }
  }

  @Override
  public String toString() {
    return "TurnTls[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
