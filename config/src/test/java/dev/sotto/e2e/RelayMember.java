package dev.sotto.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.function.Predicate;

/** A page that is a member of a conference on the relay; one tab of a browser. */
final class RelayMember {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Chromium browser;
  private final String tab;
  private final String id;

  private RelayMember(Chromium browser, String tab, String id) {
    this.browser = browser;
    this.tab = tab;
    this.id = id;
  }

  /** Takes the tab that is in front for a member. */
  static RelayMember inFront(Chromium browser, String id) {
    return new RelayMember(browser, browser.tab(), id);
  }

  String id() {
    return id;
  }

  /**
   * Joins a conference that is there.
   *
   * @param media what the page sends, as its {@code offer} takes it
   * @param slots COLIBRI2's receive-slots
   */
  void join(RelayProcess relay, String conference, String media, String slots) {
    JsonNode sections = evaluate("member.offer(" + media + ")");
    if (sections.isTextual()) {
      throw new AssertionError("offer: " + sections.textValue());
    }
    JsonNode endpoint = evaluate("member.endpoint('" + id + "', " + slots + ")");
    String answer =
        relay.request(
            "PATCH",
            "/colibri/v2/conferences/" + conference,
            "{\"endpoints\": [" + endpoint + "]}");
    evaluate("member.answer(" + answer + ", " + slots + ")");
  }

  /** What the page says of its connection: see {@code page.js}. */
  JsonNode state() {
    return evaluate("member.state()");
  }

  /** Waits until the page's state is as it should be; returns it. */
  JsonNode await(String what, Predicate<JsonNode> condition, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    JsonNode state = state();
    while (!condition.test(state)) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(id + " never: " + what + "; last: " + state);
      }
      state = state();
    }
    return state;
  }

  JsonNode evaluate(String expression) {
    browser.toTab(tab);
    Object text =
        browser
            .resolve("(async () => JSON.stringify((await " + expression + ") ?? null))()")
            .entrySet()
            .stream()
            .map(entry -> {
              if (entry.getKey().equals("error")) {
                throw new AssertionError(id + ": " + expression + ": " + entry.getValue());
              }
              return entry.getValue();
            })
            .findFirst()
            .orElse("null");
    try {
      return JSON.readTree(String.valueOf(text));
    } catch (JsonProcessingException e) {
      throw new AssertionError(id + ": " + text, e);
    }
  }
}
