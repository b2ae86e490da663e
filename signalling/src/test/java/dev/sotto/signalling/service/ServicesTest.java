package dev.sotto.signalling.service;

import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server answers itself: disco, ping, copies, and STUN and TURN. */
final class ServicesTest {

  private static final String STUN =
      "<service type='stun' host='turn.example.org' port='3478' transport='udp'/>";
  private static final String TURN =
      "<service type='turn' host='turn.example.org' port='3478' transport='udp'"
          + " restricted='true' username='1772362800:alice' password='secret'"
          + " expires='2026-03-01T11:00:00Z'/>";
  private static final String TURN_TCP =
      TURN.replace("port='3478' transport='udp'", "port='443' transport='tcp'");

  private final Dialogue dialogue = Dialogue.amongStrangers();
  private final Device alice = dialogue.bound("alice/phone");

  private Device asks(String type, String to, String payload) {
    return alice.says("<iq id='1' type='" + type + "' " + to(to) + ">" + payload + "</iq>");
  }

  private static String to(String to) {
    return to.isEmpty() ? "" : "to='" + to + "'";
  }

  private static String result(String from, String payload) {
    return "<iq id='1' type='result' to='alice@example.org/phone' "
        + (from.isEmpty() ? "" : "from='" + from + "'")
        + ">"
        + payload
        + "</iq>";
  }

  private static String error(String from, String type, String condition) {
    return "<iq id='1' type='error' to='alice@example.org/phone' "
        + (from.isEmpty() ? "" : "from='" + from + "'")
        + "><error type='"
        + type
        + "'><"
        + condition
        + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
  }

  /** XEP-0030. */
  @Nested
  class Discovery {

    @ParameterizedTest
    @CsvSource({
      "example.org, server, im",
      "alice@example.org, account, registered",
      "'', account, registered"
    })
    void namesWhatHandlersOfferAndNothingElse(String to, String category, String type) {
      asks("get", to, "<query xmlns='http://jabber.org/protocol/disco#info'/>")
          .hears(
              result(
                  to,
                  "<query xmlns='http://jabber.org/protocol/disco#info'>"
                      + "<identity name='Sotto' category='"
                      + category
                      + "' type='"
                      + type
                      + "'/>"
                      + "<feature var='http://jabber.org/protocol/disco#info'/>"
                      + "<feature var='http://jabber.org/protocol/disco#items'/>"
                      + "<feature var='msgoffline'/>"
                      + "<feature var='urn:xmpp:carbons:2'/>"
                      + "<feature var='urn:xmpp:extdisco:2'/>"
                      + "<feature var='urn:xmpp:ping'/>"
                      + "</query>"))
          .hearsNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "items"})
    void knowsNoNodes(String kind) {
      asks(
              "get",
              "example.org",
              "<query node='n' xmlns='http://jabber.org/protocol/disco#" + kind + "'/>")
          .hears(error("example.org", "cancel", "item-not-found"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "alice@example.org"})
    void hasNoItems(String to) {
      String query = "<query xmlns='http://jabber.org/protocol/disco#items'/>";

      asks("get", to, query).hears(result(to, query));
    }

    @Test
    void cannotBeSet() {
      asks("set", "example.org", "<query xmlns='http://jabber.org/protocol/disco#info'/>")
          .hears(error("example.org", "cancel", "service-unavailable"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.org", "alice@example.org", "", "example.org/node"})
  void aPingIsAnswered(String to) {
    asks("get", to, "<ping xmlns='urn:xmpp:ping'/>").hears(result(to, "")).hearsNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"enable", "disable"})
  void copiesAreTurnedOnAndOff(String name) {
    asks("set", "", "<" + name + " xmlns='urn:xmpp:carbons:2'/>").hears(result("", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "get, enable, urn:xmpp:carbons:2",
    "set, enabled, urn:xmpp:carbons:2",
    "set, ping, urn:xmpp:ping",
    "get, query, jabber:iq:last",
    "get, ping, urn:xmpp:ping:2",
    "set, services, urn:xmpp:extdisco:2"
  })
  void whatNoHandlerKnowsIsUnavailable(String type, String name, String namespace) {
    asks(type, "example.org", "<" + name + " xmlns='" + namespace + "'/>")
        .hears(error("example.org", "cancel", "service-unavailable"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<ping xmlns='urn:xmpp:ping'/>",
        "<query xmlns='jabber:iq:roster'/>",
        "<query xmlns='http://jabber.org/protocol/disco#info'/>",
        "<services xmlns='urn:xmpp:extdisco:2'/>"
      })
  void someoneElsesAccountAnswersNothing(String payload) {
    Device bob = dialogue.available("bob/laptop");

    asks("get", "bob@example.org", payload)
        .hears(error("bob@example.org", "cancel", "service-unavailable"));
    bob.hearsNothing();
  }

  /** XEP-0215. */
  @Nested
  class ExternalServiceDiscovery {

    private static final String NAMESPACE = "xmlns='urn:xmpp:extdisco:2'";

    @Test
    void listsAllServices() {
      asks("get", "example.org", "<services " + NAMESPACE + "/>")
          .hears(
              result(
                  "example.org",
                  "<services " + NAMESPACE + ">" + STUN + TURN + TURN_TCP + "</services>"));
    }

    @Test
    void listsServicesOfOneType() {
      asks("get", "example.org", "<services type='turn' " + NAMESPACE + "/>")
          .hears(
              result(
                  "example.org",
                  "<services type='turn' " + NAMESPACE + ">" + TURN + TURN_TCP + "</services>"));
    }

    @Test
    void listsNothingOfAnUnknownType() {
      asks("get", "example.org", "<services type='ftp' " + NAMESPACE + "/>")
          .hears(result("example.org", "<services type='ftp' " + NAMESPACE + "/>"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "transport='tcp' username='x' password='y'",
          "name='relay' restricted='1' expires='never' action='add'",
          "xmlns:x='urn:example' x:port='1'"
        })
    void givesCredentialsByHostAndType(String more) {
      asks("get", "example.org", credentials("host='turn.example.org' type='turn' " + more))
          .hears(
              result(
                  "example.org",
                  "<credentials " + NAMESPACE + ">" + TURN + TURN_TCP + "</credentials>"));
    }

    @Test
    void aPortTellsServicesOfOneHostAndTypeApart() {
      asks("get", "example.org", credentials("host='turn.example.org' type='turn' port='443'"))
          .hears(
              result(
                  "example.org", "<credentials " + NAMESPACE + ">" + TURN_TCP + "</credentials>"));
    }

    private static String credentials(String service) {
      return "<credentials " + NAMESPACE + "><service " + service + "/></credentials>";
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "host='other.example.org' type='turn'",
          "host='turn.example.org' type='ftp'",
          "host='turn.example.org' type='turn' port='1'"
        })
    void hasNoCredentialsForOtherServices(String service) {
      asks("get", "example.org", credentials(service))
          .hears(error("example.org", "cancel", "item-not-found"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "<service/>",
          "<service type='turn'/>",
          "<service host='turn.example.org'/>",
          "<service xmlns='urn:example' host='turn.example.org' type='turn'/>"
        })
    void hostAndTypeMustBeSaid(String service) {
      asks("get", "example.org", "<credentials " + NAMESPACE + ">" + service + "</credentials>")
          .hears(error("example.org", "modify", "bad-request"));
    }
  }
}
