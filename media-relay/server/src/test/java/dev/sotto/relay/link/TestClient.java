package dev.sotto.relay.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.colibri.ControlIqProvider;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jitsi.xmpp.extensions.DefaultPacketExtensionProvider;
import org.jitsi.xmpp.extensions.colibri.ColibriStatsExtension;
import org.jitsi.xmpp.extensions.colibri2.Colibri2Endpoint;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifyIQ;
import org.jitsi.xmpp.extensions.colibri2.IqProviderUtils;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.StanzaCollector;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;

/** A client that is a focus, or a stranger. */
final class TestClient implements AutoCloseable {
  private static final int SECONDS = 20;

  private final XMPPTCPConnection connection;
  private final List<Presence> presences = new CopyOnWriteArrayList<>();
  private final List<Message> messages = new CopyOnWriteArrayList<>();

  private TestClient(XMPPTCPConnection connection) {
    this.connection = connection;
  }

  static TestClient connect(int port, String account) throws Exception {
    // Answers as Jitsi's focus reads them; requests as a relay does, for both are in one process.
    IqProviderUtils.registerProviders();
    ControlIqProvider.register();
    ProviderManager.addExtensionProvider(
        ColibriStatsExtension.ELEMENT,
        ColibriStatsExtension.NAMESPACE,
        new DefaultPacketExtensionProvider<>(ColibriStatsExtension.class));
    ProviderManager.addExtensionProvider(
        ColibriStatsExtension.Stat.ELEMENT,
        ColibriStatsExtension.NAMESPACE,
        new DefaultPacketExtensionProvider<>(ColibriStatsExtension.Stat.class));
    XMPPTCPConnection connection =
        new XMPPTCPConnection(
            XMPPTCPConnectionConfiguration.builder()
                .setXmppDomain(Links.RELAY.asDomainBareJid())
                .setHostAddress(InetAddress.getLoopbackAddress())
                .setPort(port)
                .setSecurityMode(SecurityMode.disabled)
                .setUsernameAndPassword(account, "secret of " + account)
                .build());
    connection.setReplyTimeout(SECONDS * 1_000L);
    Roster.getInstanceFor(connection).setRosterLoadedAtLogin(false);
    TestClient client = new TestClient(connection);
    connection.addStanzaListener(client::received, stanza -> !(stanza instanceof IQ));
    connection.connect().login();
    return client;
  }

  static TestClient focus(int port) throws Exception {
    return connect(port, Links.FOCUS.getLocalpart().toString());
  }

  /** The answer, an error or not. */
  IQ ask(IQ request) throws Exception {
    request.setTo(Links.RELAY);
    try (StanzaCollector answers =
        connection.createStanzaCollectorAndSend(
            stanza -> request.getStanzaId().equals(stanza.getStanzaId()), request)) {
      IQ answer = answers.nextResult(SECONDS * 1_000L);
      assertThat(answer).as("answer to %s", request).isNotNull();
      return answer;
    }
  }

  /** A conference-modify as Jitsi's library writes it. */
  IQ command(String meetingId, Consumer<ConferenceModifyIQ.Builder> details) throws Exception {
    ConferenceModifyIQ.Builder request = ConferenceModifyIQ.builder(connection);
    request.ofType(IQ.Type.set);
    request.setMeetingId(meetingId);
    details.accept(request);
    return ask(request.build());
  }

  /** Without waiting for an answer. */
  void sendCreate(String meetingId) throws Exception {
    ConferenceModifyIQ.Builder request = ConferenceModifyIQ.builder(connection);
    request.ofType(IQ.Type.set);
    request.setMeetingId(meetingId);
    request.setCreate(true);
    IQ iq = request.build();
    iq.setTo(Links.RELAY);
    connection.sendStanza(iq);
  }

  IQ create(String meetingId, String... endpoints) throws Exception {
    return command(
        meetingId,
        request -> {
          request.setCreate(true);
          addNew(request, endpoints);
        });
  }

  IQ modify(String meetingId, String... newEndpoints) throws Exception {
    return command(meetingId, request -> addNew(request, newEndpoints));
  }

  private static void addNew(ConferenceModifyIQ.Builder request, String... endpoints) {
    for (String id : endpoints) {
      Colibri2Endpoint.Builder endpoint = Colibri2Endpoint.getBuilder();
      endpoint.setId(id);
      endpoint.setCreate(true);
      request.addEndpoint(endpoint.build());
    }
  }

  void send(Stanza stanza) throws Exception {
    connection.sendStanza(stanza);
  }

  XMPPTCPConnection connection() {
    return connection;
  }

  /** Of the relay, the oldest first. */
  List<Presence> announcements() {
    return presences.stream()
        .filter(presence -> presence.hasExtension(ColibriStatsExtension.NAMESPACE))
        .toList();
  }

  /** The newest announcement, once there is one. */
  Presence announcement() {
    Await.until(SECONDS, "announced", () -> !announcements().isEmpty());
    return announcements().getLast();
  }

  /** Waits for an announcement of exactly these conferences. */
  Presence announcementOf(String... ids) {
    Await.until(
        SECONDS, "announced with " + List.of(ids), () -> holds(announcement(), List.of(ids)));
    return announcement();
  }

  List<Presence> presences() {
    return presences;
  }

  List<Message> messages() {
    return messages;
  }

  static String stat(Presence announcement, String name) {
    ColibriStatsExtension stats = announcement.getExtension(ColibriStatsExtension.class);
    return stats.getValueAsString(name);
  }

  static List<String> conferences(Presence announcement) {
    StandardExtensionElement conferences =
        (StandardExtensionElement)
            announcement.getExtensionElement(ConferencePage.ELEMENT, "urn:sotto:colibri:0");
    return conferences.getElements().stream()
        .map(conference -> conference.getAttributeValue("id"))
        .toList();
  }

  private static boolean holds(Presence announcement, List<String> ids) {
    return conferences(announcement).equals(ids);
  }

  private void received(Stanza stanza) {
    switch (stanza) {
      case Presence presence -> presences.add(presence);
      case Message message -> messages.add(message);
      default -> throw new AssertionError(stanza);
    }
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
