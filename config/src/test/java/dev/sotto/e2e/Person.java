package dev.sotto.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Someone at the call page, in a browser of their own. */
public final class Person implements AutoCloseable {

  /** More totalAudioEnergy than seconds of comfort noise add, and a thousandth of one beep's. */
  private static final double AUDIBLE = 1e-6;

  private static final Duration MEDIA_PATIENCE = Duration.ofSeconds(60);

  private final Chromium browser;
  private final String name;
  private final String domain;

  /** Signed out, in a new browser with these flags. */
  public Person(String name, String... browserFlags) {
    this.browser = Chromium.start(browserFlags);
    this.name = name;
    this.domain = "localhost";
  }

  Chromium browser() {
    return browser;
  }

  String jid() {
    return name + "@" + domain;
  }

  /** Opens the page signed in; {@code parameters} as in the page's address. */
  public Person signIn(URI server, String... parameters) {
    browser.open(address(server, parameters));
    browser.awaitTrue("window.sotto?.connection === 'online'", Chromium.PATIENCE);
    return this;
  }

  String address(URI server, String... parameters) {
    String query = String.join("&", parameters);
    return "http://localhost:%d/?user=%s&autologin=1&%s".formatted(server.getPort(), name, query);
  }

  /** Clicks the video call button beside the contact. */
  public void callWithVideo(Person other) {
    browser.awaitContact(other.jid(), true);
    browser.clickFor("call-video", other.jid());
  }

  void callWithSound(Person other) {
    browser.awaitContact(other.jid(), true);
    browser.clickFor("call-audio", other.jid());
  }

  /** Answers what rings. */
  public void answerWithVideo() {
    browser.awaitShown("incoming");
    browser.click("answer-video");
  }

  void answerWithSound() {
    browser.awaitShown("incoming");
    browser.click("answer-audio");
  }

  void decline() {
    browser.awaitShown("incoming");
    browser.click("decline");
  }

  /** Ends the call. */
  public void hangUp() {
    browser.click("hang-up");
  }

  void awaitState(String state) {
    browser.awaitTrue("window.sotto.call?.state === '" + state + "'", Chromium.PATIENCE);
  }

  /** Waits for the end of the call and expects this reason. */
  public void awaitEnd(String reason) {
    awaitState("ended");
    assertThat(browser.evaluate("window.sotto.call.end")).isEqualTo(reason);
  }

  /** Closes the summary of a call. */
  public void dismiss() {
    if (browser.shows("ended-close")) {
      browser.click("ended-close");
    }
  }

  /**
   * Until sound that is not silence has come in, and {@code videoFrames} pictures were decoded.
   * totalAudioEnergy grows only with loudness (W3C webrtc-stats).
   */
  public void awaitMedia(int videoFrames) {
    awaitStatistics("media", seen -> hasMedia(seen, videoFrames));
  }

  /** Until the statistics of the call are as wanted; {@code what} names that in the failure. */
  private void awaitStatistics(String what, Predicate<Map<String, Object>> wanted) {
    long deadline = System.nanoTime() + MEDIA_PATIENCE.toNanos();
    Map<String, Object> seen = statistics();
    while (!wanted.test(seen)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("no " + what + " at " + name + ": " + seen);
      }
      browser.awaitTrue(nextMeasurement(), MEDIA_PATIENCE);
      seen = statistics();
    }
  }

  /** Until neither sound nor picture has come in for so long; what is on its way may still come. */
  void awaitStillness(Duration length) {
    long deadline = System.nanoTime() + MEDIA_PATIENCE.toNanos();
    Map<String, Object> before = statistics();
    long stillSince = System.nanoTime();
    while (System.nanoTime() - stillSince < length.toNanos()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("media still comes to " + name + ": " + before);
      }
      browser.awaitTrue(nextMeasurement(), MEDIA_PATIENCE);
      Map<String, Object> now = statistics();
      if (framesSince(before, now) > 0 || energySince(before, now) > AUDIBLE) {
        stillSince = System.nanoTime();
        before = now;
      }
    }
    assertThat(number(before, "audio", "packetsReceived"))
        .as("a reading of the statistics")
        .isPositive();
  }

  /** Until both sound and picture have come in again. */
  void awaitMore() {
    Map<String, Object> before = statistics();
    awaitStatistics(
        "media again",
        now -> framesSince(before, now) >= 10 && energySince(before, now) >= 100 * AUDIBLE);
  }

  private static double framesSince(Map<String, Object> before, Map<String, Object> now) {
    return number(now, "video", "framesDecoded") - number(before, "video", "framesDecoded");
  }

  private static double energySince(Map<String, Object> before, Map<String, Object> now) {
    return number(now, "audio", "totalAudioEnergy") - number(before, "audio", "totalAudioEnergy");
  }

  /** A quarter of a second of the page's own clock. */
  private String nextMeasurement() {
    return "(window.__next = (window.__next ?? performance.now() + 250)) < performance.now()"
        + " && (window.__next = undefined, true)";
  }

  private static boolean hasMedia(Map<String, Object> statistics, int videoFrames) {
    return number(statistics, "audio", "totalAudioEnergy") > 0.001
        && number(statistics, "audio", "packetsReceived") > 50
        && number(statistics, "video", "framesDecoded") >= videoFrames;
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> statistics() {
    Map<String, Object> resolved = browser.resolve("window.sotto.stats()");
    return resolved.get("value") instanceof Map<?, ?> value
        ? (Map<String, Object>) value
        : Map.of();
  }

  @SuppressWarnings("unchecked")
  private static double number(Map<String, Object> statistics, String group, String counter) {
    return statistics.get(group) instanceof Map<?, ?> values
            && ((Map<String, Object>) values).get(counter) instanceof Number number
        ? number.doubleValue()
        : 0;
  }

  /** The moments of the last call in milliseconds of the page's clock. */
  public Map<String, Double> timings() {
    Object marks = browser.evaluate("window.sotto.timings()");
    Map<String, Double> timings = new HashMap<>();
    if (marks instanceof Map<?, ?> values) {
      values.forEach((mark, at) -> timings.put((String) mark, ((Number) at).doubleValue()));
    }
    return timings;
  }

  /**
   * Until the candidates in use on this side and on the other are of types that match, such as
   * {@code relay/relay} (RFC 8839 section 5.1). ICE may go through other pairs before it settles.
   */
  void awaitCandidates(String types) {
    awaitStatistics(types, seen -> candidateTypes(seen).matches(types));
  }

  private static String candidateTypes(Map<String, Object> statistics) {
    return statistics.get("pair") instanceof Map<?, ?> pair
            && pair.get("local") instanceof Map<?, ?> local
            && pair.get("remote") instanceof Map<?, ?> remote
        ? local.get("type") + "/" + remote.get("type")
        : "none";
  }

  @Override
  public void close() {
    browser.close();
  }
}
