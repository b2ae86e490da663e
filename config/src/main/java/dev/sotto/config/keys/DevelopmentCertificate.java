package dev.sotto.config.keys;

import dev.sotto.config.settings.HostName;
import dev.sotto.signalling.TlsIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A self-signed TLS certificate for this machine and the XMPP domain, EC P-256, kept as {@code
 * tls.pem}. It is renewed when it nears its end or the domain changes.
 */
public final class DevelopmentCertificate {

  private static final String FILE = "tls.pem";

  /** Clients refuse longer ones. */
  private static final Duration LIFETIME = Duration.ofDays(397);

  private static final Duration RENEW_BEFORE_END = Duration.ofDays(30);
  private static final Duration BACKDATED = Duration.ofDays(1);
  private static final int SERIAL_BITS = 120;

  private DevelopmentCertificate() {}

  /** The kept certificate, or a new one. */
  public static TlsIdentity readOrCreate(DataDirectory data, HostName domain, Clock clock) {
    Instant now = clock.instant();
    return data.readOrCreate(
        FILE,
        () -> generate(domain, now).getBytes(StandardCharsets.US_ASCII),
        content -> Pem.read(new String(content, StandardCharsets.US_ASCII)).identity(),
        identity -> fits(identity.chain().getFirst(), domain, now));
  }

  private static boolean fits(X509Certificate certificate, HostName domain, Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    return now.isBefore(end.minus(RENEW_BEFORE_END)) && names(certificate).contains(domain.value());
  }

  private static List<Object> names(X509Certificate certificate) {
    try {
      return Optional.ofNullable(certificate.getSubjectAlternativeNames()).stream()
          .flatMap(Collection::stream)
          .<Object>map(List::getLast)
          .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static String generate(HostName domain, Instant now) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      X500Name name = new X500Name("CN=Sotto development");
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS),
              Date.from(now.minus(BACKDATED)),
              Date.from(now.plus(LIFETIME)),
              name,
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(Extension.subjectAlternativeName, false, subjects(domain));
      var holder =
          builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
      return Pem.write(new JcaPKCS8Generator(pair.getPrivate(), null), holder);
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("no development certificate can be made", e);
    }
  }

  private static GeneralNames subjects(HostName domain) {
    Set<GeneralName> names = new LinkedHashSet<>();
    names.add(new GeneralName(GeneralName.dNSName, "localhost"));
    names.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    names.add(new GeneralName(GeneralName.iPAddress, "::1"));
    names.add(new GeneralName(GeneralName.dNSName, domain.value()));
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }
}
