package dev.sotto.turn.dtls;

import dev.sotto.turn.TurnServerException;
import dev.sotto.turn.TurnTls;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.DTLSVerifier;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/**
 * DTLS 1.2 towards clients. The identity can be replaced while sessions live; they keep the one
 * they began with. Safe to use from any thread.
 */
public final class DtlsContext {
  private final JcaTlsCrypto crypto = new JcaTlsCryptoProvider().create(new SecureRandom());
  private volatile Identity identity;

  /** A key and its certificates as Bouncy Castle takes them. */
  record Identity(TurnTls tls, Certificate chain) {}

  /**
   * @throws TurnServerException when key and certificate cannot be used
   */
  public DtlsContext(TurnTls tls) {
    identity = identityOf(tls);
  }

  /**
   * Prepares another identity, which is shown from when the result is run.
   *
   * @throws TurnServerException when key and certificate cannot be used
   */
  public Runnable replacement(TurnTls tls) {
    Identity prepared = identityOf(tls);
    return () -> identity = prepared;
  }

  /** The server's side of one handshake. */
  StunTurnServer newServer() {
    return new StunTurnServer(crypto, identity);
  }

  /** Makes and checks cookies, with a secret of its own. */
  DTLSVerifier newVerifier() {
    return new DTLSVerifier(crypto);
  }

  private Identity identityOf(TurnTls tls) {
    String algorithm = tls.key().getAlgorithm();
    if (!List.of("EC", "RSA").contains(algorithm)) {
      throw new TurnServerException(
          "cannot use the TLS key for DTLS: it is " + algorithm + ", not EC or RSA", null);
    }
    try {
      TlsCertificate[] chain = new TlsCertificate[tls.chain().size()];
      for (int i = 0; i < chain.length; i++) {
        X509Certificate certificate = tls.chain().get(i);
        chain[i] = new JcaTlsCertificate(crypto, certificate.getEncoded());
      }
      return new Identity(tls, new Certificate(chain));
    } catch (GeneralSecurityException | IOException e) {
      throw new TurnServerException("cannot use the certificate for DTLS: " + e.getMessage(), e);
    }
  }
}
