package dev.sotto.config.doctor;

import dev.sotto.config.keys.DataDirectory;
import dev.sotto.config.keys.KeyException;
import dev.sotto.config.keys.TlsIdentities;
import dev.sotto.config.keys.TokenKeys;
import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.SettingsException;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The data folder, the token key and the TLS certificate. */
final class KeyCheck {

  private static final Duration RENEW_BEFORE_END = Duration.ofDays(14);

  private KeyCheck() {}

  static List<Finding> run(Settings settings, Clock clock) {
    List<Finding> findings = new ArrayList<>();
    try {
      DataDirectory data = DataDirectory.open(settings.dataDir());
      findings.add(
          Files.isWritable(settings.dataDir())
              ? Finding.ok("keys are kept in " + settings.dataDir().toAbsolutePath())
              : Finding.fail(
                  settings.dataDir() + " cannot be written",
                  "give it to the user that runs Sotto, or set sotto.data-dir"));
      TokenKeys.load(settings.tokens(), data);
      findings.add(
          Finding.ok(
              settings.tokens().keySource() == Settings.KeySource.NONE
                  ? "users sign in with passwords only"
                  : "the token key is good"));
      findings.add(
          certificate(
              TlsIdentities.load(settings, data, clock).chain().getFirst(),
              settings,
              clock.instant()));
    } catch (KeyException | SettingsException e) {
      findings.add(new Finding(Finding.Grade.FAIL, e.getMessage(), Optional.empty()));
    }
    return findings;
  }

  static Finding certificate(X509Certificate certificate, Settings settings, Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    if (now.isAfter(end) || now.isBefore(certificate.getNotBefore().toInstant())) {
      return Finding.fail(
          "the TLS certificate is not valid now (it ends " + end + ")",
          "renew the file that sotto.tls.certificate names");
    }
    if (now.isAfter(end.minus(RENEW_BEFORE_END))) {
      return Finding.warn(
          "the TLS certificate ends soon: " + end,
          "renew the file that sotto.tls.certificate names");
    }
    if (settings.publicAddress().isPresent() && settings.tls().certificate().isEmpty()) {
      return Finding.warn(
          "the TLS certificate is self-signed, which browsers and apps refuse",
          "set sotto.tls.certificate and sotto.tls.key to one for " + settings.domain());
    }
    return Finding.ok("the TLS certificate is good until " + end);
  }
}
