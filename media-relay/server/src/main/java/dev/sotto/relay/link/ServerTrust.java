package dev.sotto.relay.link;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/** Judges a server's certificate as {@link ServerSecurity} has it. */
final class ServerTrust {
  private ServerTrust() {}

  /** Trust in what these authorities sign; none of them for those of the JDK. */
  static X509TrustManager authorities(List<X509Certificate> certificates)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = null;
    if (!certificates.isEmpty()) {
      trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (int i = 0; i < certificates.size(); i++) {
        trusted.setCertificateEntry(Integer.toString(i), certificates.get(i));
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("the JDK has no trust in X.509 certificates");
  }

  /** Trust in exactly these certificates. */
  static X509TrustManager pinned(Set<String> sha256) {
    return new Pins(sha256);
  }

  /** Extended, as the JDK would otherwise add checks of its own to what a pin has settled. */
  private static final class Pins extends X509ExtendedTrustManager {
    private final Set<String> sha256;

    Pins(Set<String> sha256) {
      this.sha256 = sha256;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
        String found = HexFormat.of().formatHex(digest);
        if (!sha256.contains(found)) {
          throw new CertificateException(
              "the server's certificate has the SHA-256 " + found + ", which is not pinned");
        }
      } catch (GeneralSecurityException e) {
        throw e instanceof CertificateException refusal ? refusal : new CertificateException(e);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("a relay has no clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      throw new CertificateException("a relay has no clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("a relay has no clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
