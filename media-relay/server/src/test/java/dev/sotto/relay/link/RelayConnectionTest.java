package dev.sotto.relay.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.relay.colibri.ControlIq;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A connection of the relay")
class RelayConnectionTest {
  private static final String COMMAND =
      "<iq xmlns='jabber:client' type='set' id='1' from='focus@relays.example.org/f'>"
          + "<conference-modify xmlns='jitsi:colibri2' meeting-id='m' create='true'/></iq>";

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A request without a child, at which Smack throws.
        "<iq xmlns='jabber:client' type='set' id='1' from='mallory@relays.example.org/x'/>",
        "<iq xmlns='jabber:client' type='get' id='1'>text</iq>",
        "<iq xmlns='jabber:client' type='none' id='1'><a xmlns='b'/></iq>",
        "<iq xmlns='jabber:client' type='set' from='@@'><a xmlns='b'/></iq>",
        "<message xmlns='jabber:client'><delay xmlns='urn:xmpp:delay' stamp='never'/></message>",
        "<message xmlns='jabber:client' type='none'><body><body/></body></message>",
        "<presence xmlns='jabber:client'><priority>high</priority><show>up</show></presence>",
        "<iq xmlns='jabber:client' type='get' id='1'><conferences xmlns='urn:sotto:colibri:0'>"
            + "<conference-modify xmlns='jitsi:colibri2'/></conferences></iq>",
      })
  void whatever_the_server_passes_on_the_next_command_is_read(String stanza) throws Exception {
    List<Stanza> read = new ArrayList<>();
    RelayConnection connection = new Dialer(Links.settings(5222)).newConnection(read::add);
    XmlPullParser parser =
        PacketParserUtils.getParserFor(
            "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
                + stanza
                + COMMAND);
    parser.next();
    connection.parseAndProcessStanza(parser);
    parser.next();
    connection.parseAndProcessStanza(parser);

    assertThat(read.getLast()).isInstanceOf(ControlIq.class);
    assertThat(read.stream().filter(ControlIq.class::isInstance)).hasSize(1);
  }

  @Test
  void an_attempt_that_failed_leaves_nothing_behind() throws Exception {
    Dialer dialer = new Dialer(Links.settings(portWithoutServer()));
    List<WeakReference<RelayConnection>> attempts = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      attempts.add(failedAttempt(dialer));
    }

    Await.until(
        20,
        "collected",
        () -> {
          System.gc();
          return attempts.stream().filter(attempt -> attempt.get() != null).count() <= 1;
        });
  }

  private static WeakReference<RelayConnection> failedAttempt(Dialer dialer) throws Exception {
    RelayConnection connection = dialer.newConnection(_ -> {});
    assertThatThrownBy(connection::connect).isInstanceOf(SmackException.class);
    connection.kill();
    return new WeakReference<>(connection);
  }

  private static int portWithoutServer() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
