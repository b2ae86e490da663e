package dev.sotto.signalling.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.sasl.ScramClient;
import dev.sotto.signalling.stream.XmppStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A client's end of a stream. It {@link #says} stanzas and {@link #hears} what the server sends, in
 * the words of {@link MemoryTransport}; what is not heard is still there for the next line.
 */
public final class Device {

  private static final String HEADER =
      "<stream:stream to='" + Dialogue.DOMAIN + "' version='1.0'/>";

  private final XmppStream stream;
  private final MemoryTransport transport;

  Device(XmppStream stream, MemoryTransport transport) {
    this.stream = stream;
    this.transport = transport;
  }

  /** Sends first-level elements. */
  public Device says(String... stanzas) {
    for (String stanza : stanzas) {
      stream.onElement(Xml.parse(stanza));
    }
    return this;
  }

  /** Sends this stream header, written as an empty element. */
  public Device opens(String header) {
    stream.onOpen(Xml.parse(header));
    return this;
  }

  /** Sends a good stream header. */
  public Device opens() {
    return opens(HEADER);
  }

  /** Sends {@code <auth/>} with a PLAIN message. */
  public Device authenticates(String authorizationId, String user, String token) {
    byte[] plain = (authorizationId + "\0" + user + "\0" + token).getBytes(StandardCharsets.UTF_8);
    return says(
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
            + Base64.getEncoder().encodeToString(plain)
            + "</auth>");
  }

  /** Sends {@code <auth/>} of SCRAM, hears the challenge and answers it. */
  public Device authenticates(String mechanism, ScramClient scram) {
    says(
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='"
            + mechanism
            + "'>"
            + base64(scram.first())
            + "</auth>");
    String challenge = Xml.parse(hears()).text();
    return says(
        "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
            + base64(
                scram.last(
                    new String(Base64.getDecoder().decode(challenge), StandardCharsets.UTF_8)))
            + "</response>");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Asks for a resource. */
  public Device binds(String resource) {
    return says(
        "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>"
            + resource
            + "</resource></bind></iq>");
  }

  /** The next things that the server did are exactly these. */
  public Device hears(String... expected) {
    List<String> wanted = Arrays.stream(expected).map(Device::canonical).toList();
    List<String> heard = new ArrayList<>();
    while (heard.size() < wanted.size() && !transport.events().isEmpty()) {
      heard.add(transport.events().remove());
    }
    assertThat(heard).containsExactlyElementsOf(wanted);
    return this;
  }

  /** Among what is waiting are exactly these, in any order, and nothing else. */
  public Device hearsInAnyOrder(String... expected) {
    List<String> wanted = Arrays.stream(expected).map(Device::canonical).toList();
    assertThat(hearsRest()).containsExactlyInAnyOrderElementsOf(wanted);
    return this;
  }

  /** Nothing is waiting. */
  public Device hearsNothing() {
    assertThat(transport.events()).isEmpty();
    return this;
  }

  /** Takes the next thing that the server did. */
  public String hears() {
    assertThat(transport.events()).isNotEmpty();
    return transport.events().remove();
  }

  /** Takes all that is waiting. */
  public List<String> hearsRest() {
    List<String> rest = new ArrayList<>(transport.events());
    transport.events().clear();
    return rest;
  }

  /** The form in which stanzas are heard. */
  public static String canonicalOf(String stanza) {
    return Xml.canonical(stanza);
  }

  private static String canonical(String expected) {
    boolean stanza = expected.startsWith("<") && !expected.contains("stream:stream");
    return stanza ? Xml.canonical(expected) : expected;
  }

  /** The connection breaks. */
  public void disconnects() {
    stream.onDisconnected();
  }

  /** Ends the stream as RFC 6120 section 4.4 says. */
  public void leaves() {
    stream.onStreamClose();
  }

  /** Sends white space between stanzas. */
  public void keepsAlive() {
    stream.onKeepAlive();
  }

  /** Whether the server has stopped reading. */
  public boolean isPaused() {
    return transport.isPaused();
  }

  /** Whether the server has ended the stream. */
  public boolean isClosed() {
    return transport.isClosed();
  }

  /** The id in the server's last stream header. */
  public String lastStreamId() {
    return transport.lastStreamId();
  }

  /** Lets other threads' work for this connection wait. */
  public void isBusy() {
    transport.holdTasks();
  }

  /** Does that work. */
  public void isIdleAgain() {
    transport.runHeldTasks();
  }

  /** The state machine, for events that are not stanzas. */
  public XmppStream stream() {
    return stream;
  }
}
