package dev.sotto.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Sotto is for, as a first user would see it. */
@NeedsChromium
final class RelayedCallIT {

  @Test
  void twoBrowsersThatCannotSeeEachOtherTalkThroughTheDefaultServer() {
    try (SottoProcess sotto = SottoProcess.withDefaults();
        Person alice = new Person("alice");
        Person bob = new Person("bob")) {
      alice.signIn(sotto.url(), "relay=only");
      bob.signIn(sotto.url(), "relay=only");

      alice.callWithVideo(bob);
      bob.answerWithVideo();

      alice.awaitMedia(100);
      bob.awaitMedia(100);
      alice.awaitCandidates("relay/relay");
      bob.awaitCandidates("relay/relay");
      alice.browser().awaitTextWith("call-path", "Relayed");

      alice.hangUp();
      alice.awaitEnd("hung-up");
      bob.awaitEnd("peer-hung-up");
      assertThat(alice.browser().consoleErrors()).isEmpty();
      assertThat(bob.browser().consoleErrors()).isEmpty();
    }
  }

  /**
   * Behind a firewall that lets no UDP out, browsers reach the relay over TCP or TLS (RFC 8656
   * section 3.1); the server tells them of nothing else here.
   */
  @ParameterizedTest
  @ValueSource(strings = {"turn:127.0.0.1:%d?transport=tcp", "turns:127.0.0.1:%d?transport=tcp"})
  void browsersWithoutUdpReachTheRelay(String uri, @TempDir Path data) {
    int port = SottoProcess.freePort();
    String listener = uri.startsWith("turns:") ? "turn.tls.port=" : "turn.port=";
    try (SottoProcess sotto =
            SottoProcess.onFreePorts(
                data,
                "turn.tls.enabled=true",
                "turn.tls.port=0",
                listener + port,
                "turn.advertise=" + uri.formatted(port));
        Person alice = new Person("alice", "--ignore-certificate-errors");
        Person bob = new Person("bob", "--ignore-certificate-errors")) {
      alice.signIn(sotto.url(), "relay=only");
      bob.signIn(sotto.url(), "relay=only");

      alice.callWithVideo(bob);
      bob.answerWithVideo();

      alice.awaitMedia(30);
      bob.awaitMedia(30);
      alice.awaitCandidates("relay/relay");
      alice.hangUp();
      bob.awaitEnd("peer-hung-up");
    }
  }
}
