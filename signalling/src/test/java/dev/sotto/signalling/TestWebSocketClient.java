package dev.sotto.signalling;

import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Element;
import dev.sotto.signalling.xml.StanzaFramer;
import dev.sotto.signalling.xml.StanzaFramer.Layout;
import dev.sotto.signalling.xml.StanzaParser;
import dev.sotto.signalling.xml.XmlFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A {@link TestClient} over the JDK's WebSocket (RFC 7395). */
public final class TestWebSocketClient extends TestClient {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().sslContext(TestKeys.clientTls()).build();

  private final WebSocket socket;
  private volatile boolean deaf;
  private volatile int closeCode;

  private TestWebSocketClient(String url) {
    this.socket =
        HTTP.newWebSocketBuilder()
            .subprotocols("xmpp")
            .buildAsync(URI.create(url.replaceFirst("^http", "ws") + "/xmpp"), new Ears())
            .join();
  }

  /** A connection to the server of this http or https URL. */
  public static TestWebSocketClient connect(String url) {
    return new TestWebSocketClient(url);
  }

  /** Logged in. */
  public static TestWebSocketClient logIn(String url, String user, String resource) {
    TestWebSocketClient client = connect(url);
    client.openStream();
    client.logIn(user, resource);
    return client;
  }

  /** Reads nothing more, so that what the server sends piles up. */
  void stopReading() {
    deaf = true;
  }

  /** Sends pings of the largest size, as long as the connection takes them. */
  void pings(int count) {
    try {
      for (int i = 0; i < count; i++) {
        socket.sendPing(ByteBuffer.allocate(125)).join();
      }
    } catch (CompletionException closed) {
      hear(new Heard.Ended());
    }
  }

  @Override
  Element openStream() {
    send("<open xmlns='" + Namespaces.FRAMING + "' to='" + TestServer.DOMAIN + "' version='1.0'/>");
    Element open = next();
    if (!open.is(Namespaces.FRAMING, "open")) {
      throw new AssertionError(open.toString());
    }
    return next();
  }

  @Override
  public void send(String xml) {
    socket.sendText(xml, true).join();
  }

  /** Sends one frame of a message, which need not be its last. */
  void sendFragment(String part, boolean last) {
    socket.sendText(part, last).join();
  }

  void sendBinary(String text) {
    socket.sendBinary(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), true).join();
  }

  /** The code of the server's close frame (RFC 6455 section 7.4), 0 if none came. */
  int closeCode() {
    return closeCode;
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Ears implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        hear(parse(message.toString()));
        message.setLength(0);
      }
      if (!deaf) {
        webSocket.request(1);
      }
      return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
      if (!deaf) {
        webSocket.request(1);
      }
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
      closeCode = statusCode;
      hear(new Heard.Ended());
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      hear(new Heard.Ended());
    }

    private Heard parse(String text) {
      ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
      StanzaFramer framer = new StanzaFramer(Layout.MESSAGES, 1 << 24);
      try {
        framer.next(bytes);
        return new Heard.Said(StanzaParser.parse(bytes, framer.length(), StanzaParser.NO_CONTEXT));
      } catch (XmlFault e) {
        throw new IllegalStateException(text, e);
      }
    }
  }
}
