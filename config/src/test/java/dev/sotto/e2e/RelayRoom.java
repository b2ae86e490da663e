package dev.sotto.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** One conference on a relay of its own, with pages of one browser as members. */
final class RelayRoom implements AutoCloseable {
  private static final String ID = "m";

  private final RelayProcess relay;
  private final TestPages pages = new TestPages("relay");
  private final Chromium browser;
  private final Map<String, UdpShim> shims = new HashMap<>();
  private boolean open;

  RelayRoom(Path dataDir) {
    relay = RelayProcess.start(dataDir);
    browser =
        Chromium.start(
            "--disable-background-timer-throttling",
            "--disable-backgrounding-occluded-windows",
            "--disable-renderer-backgrounding",
            "--force-fieldtrials=WebRTC-LegacySimulcastLayerLimit/Disabled/");
    relay.request(
        "POST",
        "/colibri/v2/conferences",
        "{\"meeting-id\": \"%s\", \"create\": true}".formatted(ID));
  }

  RelayProcess relay() {
    return relay;
  }

  /** Adds a page; see {@code page.js} for what its media are. */
  RelayMember join(String id, String media, String slots) {
    return join(id, media, slots, server -> server);
  }

  /** Adds a page behind a shim that can be had by the member's id. */
  RelayMember joinBehindShim(String id, String media, String slots, long seed) {
    return join(
        id,
        media,
        slots,
        server -> {
          UdpShim shim = UdpShim.before(server, seed);
          shims.put(id, shim);
          return shim.address();
        });
  }

  private RelayMember join(
      String id, String media, String slots, UnaryOperator<InetSocketAddress> path) {
    if (open) {
      browser.openTab(pages.url("page.html"));
    } else {
      browser.open(pages.url("page.html"));
      open = true;
    }
    RelayMember member = RelayMember.inFront(browser, id);
    member.join(relay, ID, media, slots, path);
    return member;
  }

  UdpShim shim(String member) {
    return shims.get(member);
  }

  /** Waits as the member does; a failure also tells what relay and shims know. */
  JsonNode await(
      RelayMember member, String what, Predicate<JsonNode> condition, Duration patience) {
    try {
      return member.await(what, condition, patience);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + describe(), e);
    }
  }

  /** For the message of a failing test. */
  String describe() {
    return "relay: " + relay.get("/debug/conferences/" + ID) + relay.output() + "\npaths: " + shims;
  }

  @Override
  public void close() {
    browser.close();
    shims.values().forEach(UdpShim::close);
    pages.close();
    relay.close();
  }
}
