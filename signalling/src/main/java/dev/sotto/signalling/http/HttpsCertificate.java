package dev.sotto.signalling.http;

import dev.sotto.signalling.SignallingSettings;
import dev.sotto.signalling.TlsIdentity;
import io.micronaut.http.ssl.CertificateProvider;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Sinks;

/**
 * The TLS identity as Micronaut's HTTPS listener asks for it: the one of the settings, then each
 * that replaces it.
 */
@Singleton
@Named(HttpsCertificate.NAME)
final class HttpsCertificate implements CertificateProvider {

  static final String NAME = "sotto";

  private final Sinks.Many<KeyStore> identities = Sinks.many().replay().latest();

  HttpsCertificate(SignallingSettings settings) {
    replace(settings.tls());
  }

  void replace(TlsIdentity identity) {
    identities.emitNext(keyStore(identity), Sinks.EmitFailureHandler.FAIL_FAST);
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public Publisher<KeyStore> getKeyStore() {
    return identities.asFlux();
  }

  private static KeyStore keyStore(TlsIdentity identity) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, new char[0]);
      store.setKeyEntry(
          "sotto", identity.key(), new char[0], identity.chain().toArray(new Certificate[0]));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("the TLS certificate cannot be used", e);
    }
  }
}
