package dev.sotto.signalling.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.IceService;
import dev.sotto.signalling.SignallingSettings.Contacts;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.service.CarbonsSwitch;
import dev.sotto.signalling.service.ExternalServices;
import dev.sotto.signalling.service.IqService;
import dev.sotto.signalling.service.Ping;
import dev.sotto.signalling.service.SharedRoster;
import dev.sotto.signalling.stream.Delivery;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StanzaRouter.Attachment;
import dev.sotto.signalling.stream.StanzaRouter.Link;
import dev.sotto.signalling.stream.StreamError;
import dev.sotto.signalling.xml.Element;
import dev.sotto.signalling.xml.StanzaParser;
import dev.sotto.signalling.xml.XmlFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6121 section 8, XEP-0280, XEP-0160 and what the server answers, among devices in memory. */
final class RoutingTest {

  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final String JMI = "urn:xmpp:jingle-message:0";

  private final SessionDirectory directory = new SessionDirectory(3);
  private final LocalStanzaRouter router =
      new LocalStanzaRouter(
          "d",
          Contacts.EVERYONE,
          directory,
          new InMemoryOfflineStore(2),
          new IqService(
              List.of(
                  new Ping(),
                  new CarbonsSwitch(),
                  new SharedRoster(Contacts.EVERYONE, directory, "d"),
                  new ExternalServices(RoutingTest::services)),
              List.of(Namespaces.OFFLINE)),
          Clock.fixed(NOW, ZoneOffset.UTC));

  /** One device and all that it was sent. */
  private final class Device implements Link {
    private final String jid;
    private final List<Element> received = new ArrayList<>();
    private final List<StreamError> errors = new ArrayList<>();
    private final Attachment attachment;

    Device(String jid) {
      this.jid = jid;
      this.attachment = router.attach(Jid.parse(jid).orElseThrow(), this).orElseThrow();
    }

    @Override
    public void send(Element stanza, Delivery delivery) {
      received.add(stanza);
    }

    @Override
    public void terminate(StreamError error, Runnable told) {
      errors.add(error);
      told.run();
    }

    void says(String xml) {
      attachment.route(parse(xml).with("from", jid));
    }

    Device available() {
      says("<presence xmlns='jabber:client'/>");
      received.clear();
      return this;
    }

    Device withCarbons() {
      says("<iq xmlns='jabber:client' type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
      received.clear();
      return this;
    }

    /** What came, in a word each: kind, type or error condition, carbon direction. */
    List<String> heard() {
      List<String> words = received.stream().map(RoutingTest::word).toList();
      received.clear();
      return words;
    }
  }

  private static String word(Element stanza) {
    String type = stanza.attribute("type").orElse("-");
    Optional<String> condition =
        stanza.child(Namespaces.CLIENT, "error").flatMap(Element::firstElement).map(Element::name);
    for (String direction : List.of("sent", "received")) {
      if (stanza.child(Namespaces.CARBONS, direction).isPresent()) {
        return direction;
      }
    }
    return stanza.name() + " " + condition.orElse(type);
  }

  private static String message(String to, String type, String payload) {
    return "<message xmlns='jabber:client' id='1' to='%s' type='%s'>%s</message>"
        .formatted(to, type, payload);
  }

  /** RFC 6121 section 8.5.4, tables 1 and 2. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // to           | type      | the phone hears    | the sender hears
        "bob@d/phone    | chat      | message chat       |",
        "bob@d/phone    | normal    | message normal     |",
        "bob@d/phone    | groupchat | message groupchat  |",
        "bob@d/phone    | headline  | message headline   |",
        "bob@d/phone    | error     | message error      |",
        "bob@d          | chat      | message chat       |",
        "bob@d          | normal    | message normal     |",
        "bob@d          | undefined | message undefined  |",
        "bob@d          | headline  | message headline   |",
        "bob@d          | groupchat |                    | message service-unavailable",
        "bob@d          | error     |                    |",
        "bob@d/gone     | chat      | message chat       |",
        "bob@d/gone     | normal    |                    | message service-unavailable",
        "bob@d/gone     | groupchat |                    | message service-unavailable",
        "bob@d/gone     | headline  |                    |",
        "bob@d/gone     | error     |                    |",
        "nobody@d       | chat      |                    | message service-unavailable",
        "nobody@d       | normal    |                    | message service-unavailable",
        "nobody@d       | headline  |                    |",
        "nobody@d       | error     |                    |",
        "d              | chat      |                    | message service-unavailable",
        "elsewhere      | chat      |                    | message remote-server-not-found",
        "@@             | chat      |                    | message jid-malformed",
        "@@             | error     |                    |",
      })
  void aMessageGoesWhereTheRfcSays(String to, String type, String phone, String sender) {
    Device alice = new Device("alice@d/a").available();
    Device bob = new Device("bob@d/phone").available();
    Device mute = new Device("bob@d/mute"); // connected, but never said that it is available
    alice.received.clear();
    alice.says(message(to, type, "<body>x</body>"));
    assertThat(bob.heard()).isEqualTo(phone == null ? List.of() : List.of(phone));
    assertThat(alice.heard()).isEqualTo(sender == null ? List.of() : List.of(sender));
    assertThat(mute.heard()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // to          | type   | the phone hears | the sender hears
        "bob@d/phone   | get    | iq get          |",
        "bob@d/phone   | result | iq result       |",
        "bob@d/gone    | get    |                 | iq service-unavailable",
        "bob@d/gone    | result |                 |",
        "bob@d         | get    |                 | iq service-unavailable",
        "bob@d         | error  |                 |",
        "nobody@d      | set    |                 | iq service-unavailable",
        "alice@d       | get    |                 | iq result",
        "d             | get    |                 | iq result",
        "d             | result |                 |",
        "elsewhere     | get    |                 | iq remote-server-not-found",
        "@@            | get    |                 | iq jid-malformed",
        "@@            | result |                 |",
        "bob@d/phone   | evil   |                 | iq bad-request",
      })
  void aRequestGoesWhereTheRfcSays(String to, String type, String phone, String sender) {
    Device alice = new Device("alice@d/a").available();
    Device bob = new Device("bob@d/phone").available();
    alice.received.clear();
    alice.says(
        "<iq xmlns='jabber:client' id='1' to='%s' type='%s'><ping xmlns='urn:xmpp:ping'/></iq>"
            .formatted(to, type));
    assertThat(bob.heard()).isEqualTo(phone == null ? List.of() : List.of(phone));
    assertThat(alice.heard()).isEqualTo(sender == null ? List.of() : List.of(sender));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<iq xmlns='jabber:client' type='get'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<iq xmlns='jabber:client' type='get' id='1'/>",
        "<iq xmlns='jabber:client' type='get' id='1'><a/><b/></iq>",
        "<iq xmlns='jabber:client' id='1'><a/></iq>"
      })
  void aRequestHasAnIdATypeAndOnePayload(String iq) {
    Device alice = new Device("alice@d/a");
    alice.says(iq);
    assertThat(alice.heard()).containsExactly("iq bad-request");
  }

  @Test
  void aDeviceOfNegativePriorityGetsNothingThatIsNotAddressedToIt() {
    Device alice = new Device("alice@d/a").available();
    Device bob = new Device("bob@d/phone");
    bob.says("<presence xmlns='jabber:client'><priority>-1</priority></presence>");
    bob.received.clear();
    alice.says(message("bob@d", "chat", "<body>x</body>"));
    assertThat(bob.heard()).isEmpty();
    alice.says(message("bob@d/phone", "chat", "<body>x</body>"));
    assertThat(bob.heard()).containsExactly("message chat");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chat   | <body>x</body>                                       | copied",
        "normal | <body>x</body>                                       | copied",
        "normal | <propose xmlns='urn:xmpp:jingle-message:0' id='1'/>  | copied",
        "chat   | <proceed xmlns='urn:xmpp:jingle-message:0' id='1'/>  | copied",
        "normal | <other xmlns='urn:other'/>                           |",
        "headline | <body>x</body>                                     |",
        "chat   | <body>x</body><private xmlns='urn:xmpp:carbons:2'/>  |",
        "chat   | <body>x</body><no-copy xmlns='urn:xmpp:hints'/>      |",
        "chat   | <sent xmlns='urn:xmpp:carbons:2'/>                   |",
        "chat   | <received xmlns='urn:xmpp:carbons:2'/>               |",
      })
  void otherDevicesOfBothSidesGetOneCopyEach(String type, String payload, String copied) {
    Device alice = new Device("alice@d/a").available().withCarbons();
    Device tablet = new Device("alice@d/tablet").withCarbons();
    Device phone = new Device("bob@d/phone").available().withCarbons();
    Device desk = new Device("bob@d/desk").withCarbons();
    Device without = new Device("bob@d/without");
    List.of(alice, tablet, phone, desk, without).forEach(device -> device.received.clear());
    alice.says(
        message("bob@d/phone", type, payload.replace("<body", "<body xmlns='jabber:client'")));
    assertThat(phone.received).hasSize(1);
    assertThat(alice.heard()).isEmpty();
    assertThat(without.heard()).isEmpty();
    boolean copies = copied != null;
    assertThat(desk.received.stream().map(RoutingTest::word))
        .isEqualTo(copies ? List.of("received") : List.of());
    assertThat(tablet.received.stream().map(RoutingTest::word))
        .isEqualTo(copies ? List.of("sent") : List.of());
    if (copies) {
      Element carbon = desk.received.getFirst();
      assertThat(carbon.attribute("from")).contains("bob@d");
      assertThat(carbon.attribute("to")).contains("bob@d/desk");
      assertThat(
              carbon
                  .child(Namespaces.CARBONS, "received")
                  .flatMap(c -> c.child(Namespaces.FORWARD, "forwarded"))
                  .flatMap(Element::firstElement))
          .contains(phone.received.getFirst());
    }
  }

  @Test
  void aMessageToOnesOwnAccountReachesEachDeviceOnce() {
    Device a = new Device("alice@d/a").available().withCarbons();
    Device b = new Device("alice@d/b").available().withCarbons();
    a.received.clear();
    a.says(message("alice@d", "chat", "<accept xmlns='" + JMI + "' id='1'/>"));
    assertThat(b.heard()).containsExactly("message chat");
    assertThat(a.heard()).containsExactly("message chat");
  }

  @ParameterizedTest
  @CsvSource({
    "propose, true",
    "retract, true",
    "finish, true",
    "reject, true",
    "accept, true",
    "ringing, false",
    "proceed, false"
  })
  void callSetUpIsKeptForWhoeverIsAwayUnlessItIsMomentary(String action, boolean kept) {
    Device alice = new Device("alice@d/a");
    new Device("bob@d/old").attachment.detach();
    alice.says(
        message(
            "bob@d",
            "normal",
            "<" + action + " xmlns='" + JMI + "' id='1'/><store xmlns='urn:xmpp:hints'/>"));
    assertThat(alice.heard()).isEqualTo(kept ? List.of() : List.of("message service-unavailable"));
    Device bob = new Device("bob@d/new");
    bob.says("<presence xmlns='jabber:client'/>");
    List<Element> calls = bob.received.stream().filter(s -> s.hasChildOf(JMI)).toList();
    assertThat(calls).hasSize(kept ? 1 : 0);
    if (kept) {
      Element delay = calls.getFirst().child(Namespaces.DELAY, "delay").orElseThrow();
      assertThat(delay.attribute("stamp")).contains("2026-11-01T12:00:00Z");
      assertThat(calls.getFirst().attribute("from")).contains("alice@d/a");
    }
  }

  @Test
  void whatIsKeptIsGivenOutOnceAndInOrderAndWithinABound() {
    Device alice = new Device("alice@d/a");
    new Device("bob@d/old").attachment.detach();
    for (int i = 0; i < 3; i++) {
      alice.says(message("bob@d", "chat", "<body xmlns='jabber:client'>" + i + "</body>"));
    }
    assertThat(alice.heard()).containsExactly("message service-unavailable");
    alice.says(
        message(
            "bob@d", "chat", "<body xmlns='jabber:client'/><no-store xmlns='urn:xmpp:hints'/>"));
    assertThat(alice.heard()).containsExactly("message service-unavailable");
    Device bob = new Device("bob@d/new");
    bob.says("<presence xmlns='jabber:client'/>");
    assertThat(bob.received.stream().flatMap(m -> m.child(Namespaces.CLIENT, "body").stream()))
        .extracting(Element::text)
        .containsExactly("0", "1");
    Device second = new Device("bob@d/second").available();
    assertThat(second.heard()).isEmpty();
  }

  @Test
  void presenceIsSeenByEveryoneAndWithdrawnWhenTheDeviceGoes() {
    Device alice = new Device("alice@d/a").available();
    Device bob = new Device("bob@d/b");
    bob.says("<presence xmlns='jabber:client'><show>away</show></presence>");
    assertThat(bob.heard()).containsExactly("presence -", "presence -"); // its own and alice's
    assertThat(alice.heard()).containsExactly("presence -");
    bob.attachment.detach();
    assertThat(alice.heard()).containsExactly("presence unavailable");
    bob.attachment.detach();
    assertThat(alice.heard()).isEmpty();
  }

  @Test
  void directedPresenceIsWithdrawnFromThoseWhoWereTold() {
    Device alice = new Device("alice@d/a");
    Device bob = new Device("bob@d/b");
    bob.says("<presence xmlns='jabber:client' to='alice@d/a'/>");
    assertThat(alice.heard()).containsExactly("presence -");
    bob.attachment.detach();
    assertThat(alice.heard()).containsExactly("presence unavailable");
  }

  @Test
  void aDeviceThatTakesAnothersNameIsTheOneThatStays() {
    Device alice = new Device("alice@d/a").available();
    Device old = new Device("bob@d/b").available();
    alice.received.clear();
    Device taken = new Device("bob@d/b");
    assertThat(old.errors)
        .extracting(StreamError::condition)
        .containsExactly(StreamError.Condition.CONFLICT);
    assertThat(alice.heard()).containsExactly("presence unavailable");
    taken.says("<presence xmlns='jabber:client'/>");
    old.says("<presence xmlns='jabber:client'/>");
    old.attachment.detach();
    assertThat(alice.heard()).containsExactly("presence -");
    taken.received.clear();
    alice.says(message("bob@d/b", "chat", ""));
    assertThat(taken.heard()).containsExactly("message chat");
  }

  @Test
  void aUserHasSoManyDevicesAndNoMore() {
    new Device("alice@d/1");
    new Device("alice@d/2");
    Device third = new Device("alice@d/3");
    assertThat(router.attach(Jid.parse("alice@d/4").orElseThrow(), third)).isEmpty();
    new Device("alice@d/3"); // taking a name over is no further device
    assertThat(directory.of("alice")).hasSize(3);
  }

  @Test
  void aNewUserIsPushedToThoseWhoAskedForTheRoster() {
    Device alice = new Device("alice@d/a");
    alice.says(
        "<iq xmlns='jabber:client' type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
    assertThat(alice.heard()).containsExactly("iq result");
    Device carol = new Device("carol@d/c");
    assertThat(alice.received.getFirst().firstElement().flatMap(Element::firstElement))
        .contains(Element.of("jabber:iq:roster", "item", "jid", "carol@d", "subscription", "both"));
    alice.received.clear();
    new Device("carol@d/2");
    assertThat(alice.heard()).isEmpty();
    assertThat(carol.heard()).isEmpty();
  }

  @Test
  void discoShowsWhatIsAnsweredAndNothingElse() {
    Device alice = new Device("alice@d/a");
    alice.says(
        "<iq xmlns='jabber:client' type='get' id='1' to='d'>"
            + "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
    Element query = alice.received.getFirst().firstElement().orElseThrow();
    assertThat(query.elements().flatMap(e -> e.attribute("var").stream()))
        .containsExactly(
            "http://jabber.org/protocol/disco#info",
            "http://jabber.org/protocol/disco#items",
            "msgoffline",
            "urn:xmpp:carbons:2",
            "urn:xmpp:extdisco:2",
            "urn:xmpp:ping");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<services/>                                             | stun turn",
        "<services type='turn'/>                                 | turn",
        "<services type='sip'/>                                  | ''",
        "<credentials><service type='turn' host='h'/></credentials>            | turn",
        "<credentials><service type='turn' host='h' port='1'/></credentials>   | turn",
        "<credentials><service type='turn' host='evil'/></credentials>         |",
        "<credentials><service type='turn' host='h' port='2'/></credentials>   |",
      })
  void externalServicesAreListedAndFound(String payload, String types) {
    Device alice = new Device("alice@d/a");
    alice.says(
        "<iq xmlns='jabber:client' type='get' id='1'>"
            + payload.replaceFirst("<(\\w+)", "<$1 xmlns='urn:xmpp:extdisco:2'")
            + "</iq>");
    Element answer = alice.received.getFirst();
    if (types == null) {
      assertThat(alice.heard()).containsExactly("iq item-not-found");
    } else {
      List<Element> services = answer.firstElement().orElseThrow().elements().toList();
      assertThat(String.join(" ", services.stream().map(s -> s.attribute("type").get()).toList()))
          .isEqualTo(types);
      services.stream()
          .filter(service -> service.attribute("type").equals(Optional.of("turn")))
          .forEach(turn -> assertThat(turn.attribute("username")).contains("for-alice"));
    }
  }

  private static List<IceService> services(String user) {
    return List.of(
        new IceService(IceService.Type.STUN, "h", 1, IceService.Transport.UDP, Optional.empty()),
        new IceService(
            IceService.Type.TURN,
            "h",
            1,
            IceService.Transport.UDP,
            Optional.of(new IceService.Credential("for-" + user, "p", NOW))));
  }

  private static Element parse(String xml) {
    ByteBuf bytes = Unpooled.copiedBuffer(xml, StandardCharsets.UTF_8);
    try {
      return StanzaParser.parse(bytes, bytes.readableBytes(), StanzaParser.NO_CONTEXT);
    } catch (XmlFault e) {
      throw new IllegalArgumentException(xml, e);
    }
  }
}
