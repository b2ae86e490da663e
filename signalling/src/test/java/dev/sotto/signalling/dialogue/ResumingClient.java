package dev.sotto.signalling.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Element;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The client's half of XEP-0198: counts what it hears, keeps what it said until the server has it,
 * resumes, and says again what the server has not. What its application sees is in {@link
 * #received()}.
 */
public final class ResumingClient {

  private static final String PRESENCE = "<presence/>";

  private final Dialogue dialogue;
  private final String user;
  private final String resource;
  private final Deque<String> unacknowledged = new ArrayDeque<>();
  private final List<String> acknowledged = new ArrayList<>();
  private final List<String> received = new ArrayList<>();
  private Optional<Device> device = Optional.empty();
  private Optional<Element> answer = Optional.empty();
  private String id = "";
  private int handled;
  private int said;
  private int sessions;
  private boolean enabled;

  /** Signs in, becomes available and may resume from then on. */
  public ResumingClient(Dialogue dialogue, String userAndResource) {
    this.dialogue = dialogue;
    int slash = userAndResource.indexOf('/');
    this.user = userAndResource.substring(0, slash);
    this.resource = userAndResource.substring(slash + 1);
    begin(dialogue.newlyAuthenticated(user));
  }

  private void begin(Device fresh) {
    device = Optional.of(fresh);
    sessions++;
    enabled = false;
    fresh.binds(resource);
    fresh.hearsRest();
    List<String> again = List.copyOf(unacknowledged);
    unacknowledged.clear();
    handled = 0;
    said = 0;
    fresh.says("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    hears();
    id = answered("enabled").attribute("id").orElseThrow();
    says(PRESENCE);
    again.stream().filter(stanza -> !stanza.equals(PRESENCE)).forEach(this::says);
  }

  /** Says a stanza, or as much as it can while it is cut off: keeps it for later. */
  public void says(String stanza) {
    unacknowledged.add(stanza);
    device.ifPresent(connected -> connected.says(stanza));
  }

  /** Says a stanza that gets lost with its connection. */
  public void saysInVain(String stanza) {
    unacknowledged.add(stanza);
    isCutOff();
  }

  /** Hears all that the server has said by now, and answers its questions. */
  public void hears() {
    Optional<Device> connected = device;
    connected.ifPresent(open -> open.hearsRest().forEach(this::hear));
    if (connected.filter(Device::isClosed).isPresent()) {
      device = Optional.empty();
    }
  }

  private void hear(String event) {
    if (event.startsWith("(") || event.contains("stream:")) {
      return;
    }
    Element element = Xml.parse(event);
    switch (element.name()) {
      case "message", "iq", "presence" -> {
        if (enabled) {
          handled++;
        }
        received.add(event);
      }
      case "r" -> device.ifPresent(this::acknowledges);
      case "a" -> forget(count(element));
      default -> {
        answer = Optional.of(element);
        enabled |= element.name().equals("enabled") || element.name().equals("resumed");
      }
    }
  }

  private void acknowledges(Device connected) {
    connected.says("<a xmlns='urn:xmpp:sm:3' h='" + Integer.toUnsignedString(handled) + "'/>");
  }

  /** Asks the server what it has. */
  public void asks() {
    device.ifPresent(connected -> connected.says("<r xmlns='urn:xmpp:sm:3'/>"));
    hears();
  }

  private static int count(Element element) {
    return Integer.parseUnsignedInt(element.attribute("h").orElseThrow());
  }

  private void forget(int h) {
    while (said != h) {
      acknowledged.add(unacknowledged.remove());
      said++;
    }
  }

  private Element answered(String name) {
    Element given = answer.orElseThrow();
    answer = Optional.empty();
    assertThat(given.name()).isEqualTo(name);
    return given;
  }

  /** The connection breaks; what the server said and was not heard is lost. */
  public void isCutOff() {
    device.ifPresent(connected -> {
      connected.disconnects();
      connected.hearsRest();
    });
    device = Optional.empty();
  }

  /** Forgets the connection, which the server takes for alive. */
  public void isCutOffUnnoticed() {
    device.ifPresent(Device::hearsRest);
    device = Optional.empty();
  }

  /** Whether the client believes that it has a connection. */
  public boolean isConnected() {
    return device.isPresent();
  }

  /** Connects again; resumes, or begins anew if the server says that this cannot be. */
  public void comesBack() {
    Device fresh = dialogue.newlyAuthenticated(user);
    fresh.says(
        "<resume xmlns='urn:xmpp:sm:3' previd='"
            + id
            + "' h='"
            + Integer.toUnsignedString(handled)
            + "'/>");
    device = Optional.of(fresh);
    List<String> heard = fresh.hearsRest();
    Element first =
        heard.stream()
            .filter(event -> event.startsWith("<"))
            .map(Xml::parse)
            .findFirst()
            .orElseThrow();
    if (first.is(Namespaces.STREAM_MANAGEMENT, "resumed")) {
      enabled = true;
      forget(count(first));
      heard.forEach(this::hear);
      answer = Optional.empty();
      unacknowledged.forEach(fresh::says);
    } else {
      assertThat(first.name()).isEqualTo("failed");
      first.attribute("h").ifPresent(h -> forget(Integer.parseUnsignedInt(h)));
      begin(fresh);
    }
  }

  /** What the application was given, in order, whatever connections it came over. */
  public List<String> received() {
    return received;
  }

  /** What the client said and the server has taken over. */
  public List<String> acknowledged() {
    return acknowledged;
  }

  /** How often it had to begin anew, the first time included. */
  public int sessions() {
    return sessions;
  }
}
