package dev.sotto.config;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client at the XMPP WebSocket (RFC 7395) that reads one element after the other. */
final class XmppSocket implements WebSocket.Listener, AutoCloseable {

  private static final String OPEN =
      "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>";

  private final BlockingQueue<String> elements = new LinkedBlockingQueue<>();
  private final StringBuilder started = new StringBuilder();

  private WebSocket connection;

  private XmppSocket() {}

  /** Signed in with a development token, and bound. */
  static XmppSocket signedIn(HttpClient client, URI server, String user) throws Exception {
    HttpRequest signIn =
        HttpRequest.newBuilder(server.resolve("/api/v1/sign-in/development"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"user\":\"" + user + "\"}"))
            .build();
    String body = client.send(signIn, HttpResponse.BodyHandlers.ofString()).body();
    String token = JSONObjectUtils.getString(JSONObjectUtils.parse(body), "token");
    XmppSocket socket = new XmppSocket();
    socket.connection =
        client
            .newWebSocketBuilder()
            .subprotocols("xmpp")
            .buildAsync(URI.create("ws://" + server.getAuthority() + "/xmpp"), socket)
            .get(20, TimeUnit.SECONDS);
    socket.exchange(OPEN, "<open");
    socket.expect("mechanisms");
    String plain = "\0" + user + "\0" + token;
    String initial = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    String sasl = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>";
    socket.exchange(sasl + initial + "</auth>", "<success");
    socket.exchange(OPEN, "<open");
    socket.expect("bind");
    String bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>";
    String iq = "<iq xmlns='jabber:client' type='set' id='bind'>" + bind + "</iq>";
    socket.exchange(iq, "type=");
    return socket;
  }

  /** The next element; fails after twenty seconds. */
  String next() throws InterruptedException {
    String element = elements.poll(20, TimeUnit.SECONDS);
    if (element == null) {
      throw new AssertionError("the server said nothing more");
    }
    return element;
  }

  private void exchange(String element, String answer) throws Exception {
    say(element);
    expect(answer);
  }

  void say(String element) throws Exception {
    connection.sendText(element, true).get(20, TimeUnit.SECONDS);
  }

  private void expect(String part) throws InterruptedException {
    String element = next();
    if (!element.contains(part)) {
      throw new AssertionError(part + " was expected, and not " + element);
    }
  }

  /** Goes away without a word: the client that it belongs to waits for that. */
  @Override
  public void close() {
    connection.abort();
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    started.append(data);
    if (last) {
      elements.add(started.toString());
      started.setLength(0);
    }
    socket.request(1);
    return null;
  }
}
