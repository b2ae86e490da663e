package dev.sotto.signalling.transport;

import dev.sotto.signalling.sasl.ChannelBindingType;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/** What names a TLS connection (RFC 5056), as both of its ends can compute it. */
final class ChannelBindings {

  private static final String EXPORTER_LABEL = "EXPORTER-Channel-Binding";
  private static final int EXPORTED_BYTES = 32;
  private static final Pattern HASH = Pattern.compile("(MD5|SHA-?1|SHA-?\\d{3})WITH.*");

  private ChannelBindings() {}

  /** The data of one kind, empty if this connection has none. */
  static Optional<byte[]> of(SSLSession session, ChannelBindingType type) {
    return switch (type) {
      case TLS_EXPORTER -> exported(session);
      case TLS_SERVER_END_POINT -> serverEndPoint(session);
    };
  }

  /**
   * RFC 9266 section 2. Only for TLS 1.3: before it, what is exported is not always of this
   * connection alone (section 4.2), and clients do not agree on what an empty context is.
   */
  private static Optional<byte[]> exported(SSLSession session) {
    if (!session.getProtocol().equals("TLSv1.3")
        || !(session instanceof ExtendedSSLSession extended)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          extended.exportKeyingMaterialData(EXPORTER_LABEL, new byte[0], EXPORTED_BYTES));
    } catch (SSLException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> serverEndPoint(SSLSession session) {
    Certificate[] shown = session.getLocalCertificates();
    return shown != null && shown.length > 0 && shown[0] instanceof X509Certificate certificate
        ? serverEndPoint(certificate)
        : Optional.empty();
  }

  /**
   * RFC 5929 section 4.1: the certificate's hash by the function of its own signature, but SHA-256
   * instead of MD5 and SHA-1. Undefined for signatures without one, such as Ed25519.
   */
  static Optional<byte[]> serverEndPoint(X509Certificate certificate) {
    return hashOf(certificate)
        .flatMap(hash -> {
          try {
            return Optional.of(MessageDigest.getInstance(hash).digest(certificate.getEncoded()));
          } catch (GeneralSecurityException e) {
            return Optional.empty();
          }
        });
  }

  private static Optional<String> hashOf(X509Certificate certificate) {
    String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    if (algorithm.startsWith("RSASSA-PSS")) {
      return pssHash(certificate);
    }
    Matcher name = HASH.matcher(algorithm);
    return name.matches() ? Optional.of(atLeastSha256(name.group(1))) : Optional.empty();
  }

  private static Optional<String> pssHash(X509Certificate certificate) {
    try {
      Signature signature = Signature.getInstance(certificate.getSigAlgOID());
      java.security.AlgorithmParameters parameters =
          java.security.AlgorithmParameters.getInstance("RSASSA-PSS");
      parameters.init(certificate.getSigAlgParams());
      signature.setParameter(parameters.getParameterSpec(PSSParameterSpec.class));
      return Optional.of(
          atLeastSha256(parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm()));
    } catch (GeneralSecurityException | java.io.IOException e) {
      return Optional.empty();
    }
  }

  private static String atLeastSha256(String hash) {
    String dashed = hash.toUpperCase(Locale.ROOT).replaceFirst("^SHA(?=\\d)", "SHA-");
    return dashed.equals("MD5") || dashed.equals("SHA-1") ? "SHA-256" : dashed;
  }
}
