package dev.sotto.config.keys;

import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.SettingsException;
import dev.sotto.signalling.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;

/** The TLS certificate that settings name, or the development one. */
public final class TlsIdentities {

  private TlsIdentities() {}

  /**
   * Loads it.
   *
   * @throws SettingsException if the configured files cannot be read or do not belong together
   */
  public static TlsIdentity load(Settings settings, DataDirectory data, Clock clock) {
    if (settings.tls().certificate().isEmpty()) {
      return DevelopmentCertificate.readOrCreate(data, settings.domain(), clock);
    }
    Path certificate = settings.tls().certificate().orElseThrow();
    Path key = settings.tls().key().orElseThrow();
    try {
      Pem chain = Pem.read(Files.readString(certificate));
      return new Pem(chain.certificates(), Pem.read(Files.readString(key)).key()).identity();
    } catch (IOException | GeneralSecurityException e) {
      throw new SettingsException(
          "sotto.tls.certificate and sotto.tls.key: "
              + certificate
              + " and "
              + key
              + " must be readable PEM files of one certificate and its unencrypted key",
          e);
    }
  }
}
