package dev.sotto.relay.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jivesoftware.smack.SmackException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Whom the relay tells that it is there")
class LinkSecurityTest {
  private static final int SECONDS = 20;
  private static final String DOMAIN = Links.RELAY.getDomain().toString();

  @TempDir private Path folder;

  @Test
  void a_server_whose_certificate_is_pinned() throws Exception {
    TestCertificate certificate = certificate("elsewhere.example.org");
    try (Prosody server = prosody(certificate)) {
      assertLinks(server, new ServerSecurity.Pinned(certificate.pin()));
    }
  }

  @Test
  void not_one_with_another_certificate_than_the_pinned() throws Exception {
    try (Prosody server = prosody(certificate(DOMAIN))) {
      assertRefused(server, new ServerSecurity.Pinned(Set.of("00".repeat(32))), "not pinned");
    }
  }

  @Test
  void a_server_whose_authority_is_trusted() throws Exception {
    TestCertificate certificate = certificate(DOMAIN);
    try (Prosody server = prosody(certificate)) {
      assertLinks(
          server,
          new ServerSecurity.Authorities(List.of(certificate.certificate()), Optional.empty()));
    }
  }

  @Test
  void a_server_that_falls_silent_within_tls_is_lost_and_found() throws Exception {
    TestCertificate certificate = certificate(DOMAIN);
    try (Prosody server = prosody(certificate);
        HeldRelay relay = new HeldRelay();
        RelayLink link = link(server, relay, new ServerSecurity.Pinned(certificate.pin()))) {
      link.start();
      Await.until(SECONDS, "link", link::isUp);
      server.suspend();
      Await.until(SECONDS, "loss noticed", () -> !link.isUp());
      server.resume();
      Await.until(SECONDS, "link", link::isUp);
    }
  }

  @Test
  void also_under_the_name_that_was_configured() throws Exception {
    TestCertificate certificate = certificate("xmpp.example.org");
    try (Prosody server = prosody(certificate)) {
      assertLinks(
          server,
          new ServerSecurity.Authorities(
              List.of(certificate.certificate()), Optional.of("xmpp.example.org")));
    }
  }

  @Test
  void not_one_with_a_trusted_certificate_for_another_name() throws Exception {
    TestCertificate certificate = certificate("elsewhere.example.org");
    try (Prosody server = prosody(certificate)) {
      assertRefused(
          server,
          new ServerSecurity.Authorities(List.of(certificate.certificate()), Optional.empty()),
          "ertificate");
    }
  }

  @Test
  void not_one_that_only_the_jdks_authorities_could_vouch_for_and_do_not() throws Exception {
    try (Prosody server = prosody(certificate(DOMAIN))) {
      assertRefused(
          server,
          new ServerSecurity.Authorities(List.of(), Optional.empty()),
          "certification path");
    }
  }

  @Test
  void not_one_that_offers_no_tls() throws Exception {
    try (Prosody server = Prosody.start(folder)) {
      assertThatThrownBy(
              () -> open(server.port(), new ServerSecurity.Pinned(Set.of("00".repeat(32)))))
          .isInstanceOf(SmackException.SecurityRequiredByClientException.class);
    }
  }

  @Test
  void without_tls_none_that_is_on_another_host() {
    LinkSettings local = Links.settings(5222);
    LinkSettings remote =
        new LinkSettings(
            "192.0.2.1",
            local.port(),
            local.self(),
            local.credential(),
            local.security(),
            local.focuses(),
            local.region(),
            local.version(),
            local.timings());

    assertThatThrownBy(() -> new Dialer(remote).newConnection(_ -> {}))
        .hasMessageContaining("without TLS");
  }

  @Test
  void settings_do_not_show_the_secret() {
    assertThat(Links.settings(5222).toString()).doesNotContain(Links.SECRET);
  }

  @Test
  void a_pin_that_is_none_is_refused() {
    for (Set<String> pins : List.of(Set.<String>of(), Set.of("00:11"), Set.of("no pin"))) {
      assertThatThrownBy(() -> new ServerSecurity.Pinned(pins))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private TestCertificate certificate(String name) throws Exception {
    return new TestCertificate(folder.resolve("tls"), name);
  }

  private Prosody prosody(TestCertificate certificate) throws Exception {
    return Prosody.startWithTls(folder, certificate.key(), certificate.pem());
  }

  private static void assertLinks(Prosody server, ServerSecurity security) {
    try (HeldRelay relay = new HeldRelay();
        RelayLink link = link(server, relay, security)) {
      link.start();
      Await.until(SECONDS, "link", link::isUp);
    }
  }

  private static RelayLink link(Prosody server, HeldRelay relay, ServerSecurity security) {
    return new RelayLink(
        Links.settings(server.port(), Links.SECRET, security),
        relay,
        relay::status,
        System::nanoTime,
        new Random(1));
  }

  private static void assertRefused(Prosody server, ServerSecurity security, String reason) {
    assertThatThrownBy(() -> open(server.port(), security)).hasMessageContaining(reason);
  }

  /** Connects, which is before the relay says who it is. */
  private static void open(int port, ServerSecurity security) throws Exception {
    RelayConnection connection =
        new Dialer(Links.settings(port, Links.SECRET, security)).newConnection(_ -> {});
    try {
      connection.connect();
    } finally {
      connection.kill();
    }
  }
}
