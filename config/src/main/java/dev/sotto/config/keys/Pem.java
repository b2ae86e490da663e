package dev.sotto.config.keys;

import dev.sotto.signalling.TlsIdentity;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/** What a PEM text holds: certificates and a private key, in whatever order and key format. */
record Pem(List<X509Certificate> certificates, Optional<PrivateKey> key) {

  static Pem read(String text) throws IOException, GeneralSecurityException {
    List<X509Certificate> certificates = new ArrayList<>();
    PrivateKey key = null;
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
        switch (part) {
          case X509CertificateHolder holder ->
              certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
          case PEMKeyPair pair -> key = privateKey(pair.getPrivateKeyInfo());
          case PrivateKeyInfo info -> key = privateKey(info);
          default -> {} // EC parameters stand before keys that OpenSSL writes.
        }
      }
    }
    return new Pem(List.copyOf(certificates), Optional.ofNullable(key));
  }

  /** By the JDK's own providers, which are those that TLS signs with. */
  private static PrivateKey privateKey(PrivateKeyInfo info)
      throws IOException, GeneralSecurityException {
    ASN1ObjectIdentifier kind = info.getPrivateKeyAlgorithm().getAlgorithm();
    String algorithm;
    if (kind.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      algorithm = "EC";
    } else if (kind.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      algorithm = "RSA";
    } else {
      algorithm = "EdDSA";
    }
    return KeyFactory.getInstance(algorithm)
        .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
  }

  /** The chain with its key, which must belong together. */
  TlsIdentity identity() throws GeneralSecurityException {
    if (certificates.isEmpty() || key.isEmpty()) {
      throw new GeneralSecurityException("needs a certificate and a private key");
    }
    PublicKey subject = certificates.getFirst().getPublicKey();
    if (!KeyPairs.belongTogether(key.get(), subject)) {
      throw new GeneralSecurityException("the private key is not the certificate's");
    }
    return new TlsIdentity(key.get(), certificates);
  }

  static String write(Object... parts) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      for (Object part : parts) {
        writer.writeObject(part);
      }
    }
    return text.toString();
  }
}
