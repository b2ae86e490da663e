package dev.sotto.media.dtls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.SignatureAlgorithm;

/** A peer's key and certificate, of the kind that endpoints of today or of yesterday have. */
final class Identity {
  static final Identity EC =
      new Identity(
          "EC",
          256,
          "SHA256withECDSA",
          SignatureAlgorithm.ecdsa,
          CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
  static final Identity RSA =
      new Identity(
          "RSA",
          2048,
          "SHA256withRSA",
          SignatureAlgorithm.rsa,
          CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);

  final short signature;
  final int cipherSuite;
  private final PrivateKey key;
  private final byte[] encoded;

  private Identity(
      String algorithm, int keyBits, String signing, short signature, int cipherSuite) {
    this.signature = signature;
    this.cipherSuite = cipherSuite;
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(keyBits);
      KeyPair pair = generator.generateKeyPair();
      X500Name name = new X500Name("CN=peer");
      key = pair.getPrivate();
      encoded =
          new JcaX509v3CertificateBuilder(
                  name,
                  BigInteger.ONE,
                  Date.from(Harness.NOW),
                  Date.from(Harness.NOW.plus(Duration.ofDays(1))),
                  name,
                  pair.getPublic())
              .build(new JcaContentSignerBuilder(signing).build(key))
              .getEncoded();
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new AssertionError(e);
    }
  }

  PrivateKey key() {
    return key;
  }

  byte[] encoded() {
    return encoded.clone();
  }

  Fingerprint fingerprint() {
    return Fingerprint.of(Fingerprint.Hash.SHA_256, encoded);
  }
}
