package dev.sotto.media.dtls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A P-256 key and the certificate that it has signed itself. Nobody checks names or dates in
 * WebRTC: signalling vouches for the {@link #fingerprint}. Immutable.
 */
public final class DtlsCertificate {
  /** Clocks of endpoints that do look at dates may be behind. */
  private static final Duration BACKDATED = Duration.ofDays(1);

  /** Says nothing about the deployment. */
  private static final X500Name NAME = new X500Name("CN=sotto");

  private static final int SERIAL_BITS = 64;

  private final PrivateKey key;
  private final byte[] encoded;
  private final Instant madeAt;
  private final Fingerprint fingerprint;

  private DtlsCertificate(PrivateKey key, byte[] encoded, Instant madeAt) {
    this.key = key;
    this.encoded = encoded;
    this.madeAt = madeAt;
    this.fingerprint = Fingerprint.of(Fingerprint.Hash.SHA_256, encoded);
  }

  static DtlsCertificate selfSigned(SecureRandom random, Instant now, Duration validity) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      X509CertificateHolder certificate =
          new JcaX509v3CertificateBuilder(
                  NAME,
                  new BigInteger(SERIAL_BITS, random).setBit(0), // a serial number is not zero
                  Date.from(now.minus(BACKDATED)),
                  Date.from(now.plus(validity)),
                  NAME,
                  pair.getPublic())
              .build(
                  new JcaContentSignerBuilder("SHA256withECDSA")
                      .setSecureRandom(random)
                      .build(pair.getPrivate()));
      return new DtlsCertificate(pair.getPrivate(), certificate.getEncoded(), now);
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("this Java cannot make a P-256 certificate", e);
    }
  }

  /** What signalling tells the endpoint: SHA-256. */
  public Fingerprint fingerprint() {
    return fingerprint;
  }

  Instant madeAt() {
    return madeAt;
  }

  PrivateKey key() {
    return key;
  }

  byte[] encoded() {
    return encoded;
  }
}
