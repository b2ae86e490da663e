package dev.sotto.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A page that is a member of a conference on the relay; one tab of a browser. */
final class RelayMember {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Asking costs the page what the call needs too. */
  private static final long PACE_NANOS = 100_000_000L;

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
    join(relay, conference, media, slots, server -> server);
  }

  /**
   * Joins over another path than the direct one.
   *
   * @param path what stands before the relay, given the relay's address
   */
  void join(
      RelayProcess relay,
      String conference,
      String media,
      String slots,
      UnaryOperator<InetSocketAddress> path) {
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
    evaluate("member.answer(" + redirect(answer, path) + ", " + slots + ")");
  }

  private static JsonNode redirect(String answer, UnaryOperator<InetSocketAddress> path) {
    try {
      JsonNode tree = JSON.readTree(answer);
      ObjectNode candidate = (ObjectNode) tree.at("/endpoints/0/transport/transport/candidates/0");
      InetSocketAddress relay =
          new InetSocketAddress(
              InetAddress.ofLiteral(candidate.get("ip").asText()), candidate.get("port").asInt());
      InetSocketAddress address = path.apply(relay);
      candidate.put("ip", address.getAddress().getHostAddress());
      candidate.put("port", address.getPort());
      return tree;
    } catch (JsonProcessingException e) {
      throw new AssertionError(answer, e);
    }
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
      LockSupport.parkNanos(PACE_NANOS);
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
