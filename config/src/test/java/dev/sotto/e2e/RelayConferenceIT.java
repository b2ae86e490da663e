package dev.sotto.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three Chromium pages in one conference on a relay that is steered over COLIBRI2 REST. Every frame
 * is encrypted whole under a key that the relay does not have.
 */
@NeedsChromium
class RelayConferenceIT {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir private Path dataDir;
  private RelayProcess relay;
  private TestPages pages;
  private Chromium browser;

  @BeforeEach
  void start() {
    relay = RelayProcess.start(dataDir);
    pages = new TestPages("relay");
    browser =
        Chromium.start(
            "--disable-background-timer-throttling",
            "--disable-backgrounding-occluded-windows",
            "--disable-renderer-backgrounding",
            "--force-fieldtrials=WebRTC-LegacySimulcastLayerLimit/Disabled/");
  }

  @AfterEach
  void stop() {
    browser.close();
    pages.close();
    relay.close();
  }

  @ParameterizedTest
  @CsvSource({"VP8, simulcast", "VP9, L3T3_KEY", "AV1, L3T3_KEY"})
  void allLayersOfOneReachTheOthers(String codec, String layers) {
    confer(codec, layers);
  }

  private void confer(String codec, String layers) {
    relay.request("POST", "/colibri/v2/conferences", "{\"meeting-id\": \"m\", \"create\": true}");
    List<RelayMember> members = new ArrayList<>();
    for (String id : List.of("alice", "bob", "carol")) {
      if (members.isEmpty()) {
        browser.open(pages.url("page.html"));
      } else {
        browser.openTab(pages.url("page.html"));
      }
      RelayMember member = RelayMember.inFront(browser, id);
      members.add(member);
      boolean sends = id.equals("alice");
      member.join(
          relay,
          "m",
          """
          {codec: '%s', layers: '%s', width: %d, height: 540, fps: 15, audioSlots: 2, videoSlots: 1}
          """
              .formatted(codec, layers, sends ? 960 : 0),
          """
          {audio: [{ssrc: 1001}, {ssrc: 1002}], video: [{ssrc: 2001, 'rtx-ssrc': 2002}]}
          """);
    }
    for (RelayMember member : members) {
      await(
          member,
          "hears both others",
          state -> count(state, "audio", "packets", 50) == 2,
          PATIENCE);
    }

    for (RelayMember member : members.subList(1, 3)) {
      JsonNode state =
          await(
              member,
              "decodes the top layer",
              s -> count(s, "video", "frames", 30) == 1 && s.at("/video/0/height").asInt() == 540,
              PATIENCE);
      assertThat(state.at("/video/0/freezes").asInt()).isLessThan(5);
    }
  }

  private JsonNode await(
      RelayMember member, String what, Predicate<JsonNode> condition, Duration patience) {
    try {
      return member.await(what, condition, patience);
    } catch (AssertionError e) {
      throw new AssertionError(
          e.getMessage() + "\nrelay: " + relay.get("/debug/conferences/m") + relay.output(), e);
    }
  }

  private static long count(JsonNode state, String kind, String figure, int atLeast) {
    long count = 0;
    for (JsonNode stream : state.get(kind)) {
      count += stream.get(figure).asInt() >= atLeast ? 1 : 0;
    }
    return count;
  }
}
