package dev.sotto.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members of a conference that were written by others, and know nothing of Sotto's extensions. */
class RelayIndependentPeerIT {

  @Test
  void peers_without_slots_and_descriptors_hear_and_see_each_other(@TempDir Path dataDir) {
    assumeTrue(PythonPeer.has("aiortc"), "needs aiortc: install the package python3-aiortc");
    try (RelayProcess relay = RelayProcess.start(dataDir)) {
      relay.request("POST", "/colibri/v2/conferences", "{\"meeting-id\": \"m\", \"create\": true}");
      try (PythonPeer alice = member(relay, "alice");
          PythonPeer bob = member(relay, "bob")) {
        for (PythonPeer peer : List.of(alice, bob)) {
          Map<String, Object> media =
              peer.await(
                  "media",
                  figures -> number(figures, "audio") >= 200 && number(figures, "video") >= 100);
          // 440 Hz at a third of full scale, as the other one sends it.
          assertThat(number(media, "loudest")).isGreaterThan(5000);
        }
      } catch (AssertionError e) {
        throw new AssertionError(
            e.getMessage() + "\nrelay: " + relay.get("/debug/conferences/m") + relay.output(), e);
      }
    }
  }

  private static PythonPeer member(RelayProcess relay, String endpoint) {
    return new PythonPeer(
        "conference_peer.py",
        Map.of(),
        List.of("--relay", relay.url(), "--conference", "m", "--endpoint", endpoint));
  }

  private static double number(Map<String, Object> figures, String name) {
    return ((Number) figures.get(name)).doubleValue();
  }
}
