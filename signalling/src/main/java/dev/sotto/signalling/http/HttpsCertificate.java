package dev.sotto.signalling.http;

import dev.sotto.signalling.SignallingSettings;
import dev.sotto.signalling.TlsIdentity;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.ssl.CertificateProvider;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import org.reactivestreams.Publisher;

/** The TLS identity of the settings, as Micronaut's HTTPS listener asks for it. */
@Singleton
@Named(HttpsCertificate.NAME)
final class HttpsCertificate implements CertificateProvider {

  static final String NAME = "sotto";

  private final TlsIdentity identity;

  HttpsCertificate(SignallingSettings settings) {
    this.identity = settings.tls();
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public Publisher<KeyStore> getKeyStore() {
    try {
      return Publishers.just(keyStore());
    } catch (GeneralSecurityException | IOException e) {
      return Publishers.just(e);
    }
  }

  private KeyStore keyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, new char[0]);
    store.setKeyEntry(
        "sotto", identity.key(), new char[0], identity.chain().toArray(new Certificate[0]));
    return store;
  }
}
