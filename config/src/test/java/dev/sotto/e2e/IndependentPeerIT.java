package dev.sotto.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A peer written by others, over TCP with STARTTLS, and a browser over WebSocket. */
@NeedsChromium
final class IndependentPeerIT {

  @TempDir private static Path data;
  private static SottoProcess sotto;
  private static Person alice;

  @BeforeAll
  static void start() {
    assumeTrue(
        IndependentPeer.isInstalled(),
        "needs slixmpp and aiortc: install the packages python3-slixmpp and python3-aiortc");
    sotto = SottoProcess.onFreePorts(data);
    alice = new Person("alice");
  }

  @AfterAll
  static void stop() {
    if (sotto != null) {
      alice.close();
      sotto.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"0.8", "0.6"})
  void callsABrowser(String jmiVersion) {
    alice.signIn(sotto.url());
    try (IndependentPeer peer =
        new IndependentPeer(sotto, "dora", "--call", "alice@localhost", "--jmi", jmiVersion)) {
      peer.await("ringing");
      alice.answerWithVideo();
      alice.awaitMedia(30);
      peer.await("heard");
      alice.hangUp();
      assertThat(peer.await("ended")).containsEntry("reason", "terminated success");
    }
  }

  @ParameterizedTest
  @CsvSource({"0.8", "0.6"})
  void isCalledByABrowserAndHangsUp(String jmiVersion) {
    alice.signIn(sotto.url());
    try (IndependentPeer peer =
        new IndependentPeer(sotto, "emil", "--answer", "--hang-up", "--jmi", jmiVersion)) {
      assertThat(peer.await("online")).containsEntry("encrypted", true);
      alice.browser().awaitContact("emil@localhost", true);
      alice.browser().clickFor("call-video", "emil@localhost");
      alice.awaitMedia(30);
      peer.await("heard");
      alice.awaitEnd("peer-hung-up");
    }
  }

  @Test
  void talksToABrowserThroughTheRelayAlone() {
    alice.signIn(sotto.url(), "relay=only");
    try (IndependentPeer peer =
        new IndependentPeer(sotto, "fritz", "--call", "alice@localhost", "--relay-only")) {
      peer.await("ringing");
      alice.answerWithVideo();
      alice.awaitMedia(30);
      peer.await("heard");
      alice.awaitCandidates("relay/.*");
      alice.hangUp();
      peer.await("ended");
    }
  }
}
