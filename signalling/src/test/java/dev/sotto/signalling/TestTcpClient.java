package dev.sotto.signalling;

import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Element;
import dev.sotto.signalling.xml.StanzaFramer;
import dev.sotto.signalling.xml.StanzaFramer.Cut;
import dev.sotto.signalling.xml.StanzaFramer.Layout;
import dev.sotto.signalling.xml.StanzaParser;
import dev.sotto.signalling.xml.StanzaParser.ParsedHeader;
import dev.sotto.signalling.xml.StanzaParser.StreamContext;
import dev.sotto.signalling.xml.XmlFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A {@link TestClient} over a blocking socket. */
public final class TestTcpClient extends TestClient {

  static final String HEADER =
      "<?xml version='1.0'?><stream:stream to='"
          + TestServer.DOMAIN
          + "' version='1.0' xmlns='jabber:client'"
          + " xmlns:stream='http://etherx.jabber.org/streams'>";

  private Socket socket;
  private volatile boolean deaf;
  private Thread reader;

  private TestTcpClient(Socket socket) {
    this.socket = socket;
    this.reader = startReader(socket);
  }

  /** A connection on which nothing was said yet. */
  public static TestTcpClient connect(InetSocketAddress address) {
    try {
      return new TestTcpClient(new Socket(address.getAddress(), address.getPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connection that is TLS from the first byte. */
  public static TestTcpClient connectTls(InetSocketAddress address) {
    try {
      SSLSocketFactory factory = TestKeys.clientTls().getSocketFactory();
      return new TestTcpClient(factory.createSocket(address.getAddress(), address.getPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Logged in over plain TCP, which the server allows from its own host. */
  public static TestTcpClient logIn(TestServer server, String user, String resource) {
    TestTcpClient client = connect(server.xmpp());
    client.openStream();
    client.logIn(user, resource);
    return client;
  }

  /** Logged in over TLS from the first byte. */
  public static TestTcpClient logInDirectTls(TestServer server, String user, String resource) {
    TestTcpClient client = connectTls(server.directTls());
    client.openStream();
    client.logIn(user, resource);
    return client;
  }

  /** Logged in over TLS that began in the stream. */
  public static TestTcpClient logInStartTls(TestServer server, String user, String resource) {
    TestTcpClient client = connect(server.xmpp());
    client.openStream();
    client.startTls();
    client.openStream();
    client.logIn(user, resource);
    return client;
  }

  /** A connection that is TLS of this version from the first byte. */
  public static TestTcpClient connectTls(InetSocketAddress address, String version) {
    try {
      SSLSocket socket =
          (SSLSocket)
              TestKeys.clientTls()
                  .getSocketFactory()
                  .createSocket(address.getAddress(), address.getPort());
      socket.setEnabledProtocols(new String[] {version});
      return new TestTcpClient(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, by a client that may remember its sessions with a host. */
  static TestTcpClient connectTls(InetSocketAddress address, SSLContext context, String host) {
    try {
      Socket plain = new Socket(address.getAddress(), address.getPort());
      return new TestTcpClient(
          context.getSocketFactory().createSocket(plain, host, address.getPort(), true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The client's end of TLS. */
  ExtendedSSLSession tlsSession() {
    return (ExtendedSSLSession) ((SSLSocket) socket).getSession();
  }

  /** STARTTLS up to the end of the handshake. */
  void startTls() {
    send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    awaitProceedAndEncrypt();
  }

  void awaitProceedAndEncrypt() {
    if (!next().is(Namespaces.TLS, "proceed")) {
      throw new AssertionError("no proceed");
    }
    wrapInTls();
  }

  /** A TLS handshake over what is now plain. The reader has stopped at {@code <proceed/>}. */
  private void wrapInTls() {
    try {
      reader.join();
      socket =
          TestKeys.clientTls()
              .getSocketFactory()
              .createSocket(socket, "127.0.0.1", socket.getPort(), true);
      reader = startReader(socket);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Reads nothing more, so that what the server sends piles up. */
  void stopReading() {
    deaf = true;
  }

  @Override
  Element openStream() {
    send(HEADER);
    Element header = next();
    if (!header.is(Namespaces.STREAMS, "stream")) {
      throw new AssertionError(header.toString());
    }
    return next();
  }

  @Override
  public void send(String xml) {
    send(xml.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Thread startReader(Socket from) {
    try {
      from.setTcpNoDelay(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Thread.ofVirtual().start(() -> read(from));
  }

  private void read(Socket from) {
    ByteBuf pending = Unpooled.buffer();
    StanzaFramer framer = new StanzaFramer(Layout.STREAM, 1 << 24);
    StreamContext context = StanzaParser.NO_CONTEXT;
    byte[] chunk = new byte[16_384];
    try {
      InputStream in = from.getInputStream();
      int count = in.read(chunk);
      while (count >= 0) {
        pending.writeBytes(chunk, 0, count);
        Cut cut = framer.next(pending);
        while (cut != Cut.NEED_MORE) {
          switch (cut) {
            case STREAM_OPEN -> {
              ParsedHeader parsed = StanzaParser.parseStreamOpen(pending, framer.length());
              context = parsed.context();
              hear(new Heard.Said(parsed.header()));
            }
            case STANZA -> {
              Element element = StanzaParser.parse(pending, framer.length(), context);
              hear(new Heard.Said(element));
              if (element.is(Namespaces.TLS, "proceed")) {
                return; // what follows is TLS
              }
              if (element.is(Namespaces.SASL, "success")) {
                pending.skipBytes(framer.length());
                framer.reset();
                cut = framer.next(pending);
                continue;
              }
            }
            default -> {}
          }
          pending.skipBytes(framer.length());
          cut = framer.next(pending);
        }
        pending.discardReadBytes();
        while (deaf) {
          LockSupport.park();
        }
        count = in.read(chunk);
      }
      hear(new Heard.Ended());
    } catch (IOException | XmlFault e) {
      hear(new Heard.Ended());
    }
  }
}
