package dev.sotto.turn.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Vector;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.UDPTransport;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/** A DTLS client of Bouncy Castle on a real socket. */
public final class DtlsWire implements Wire, AutoCloseable {
  private static final int TIMEOUT_MILLIS = 3000;
  private static final int MTU = 1500;

  private final DatagramSocket socket;
  private final Client client;
  private final DTLSTransport session;

  /** Shakes hands; throws when that fails or takes longer than so many milliseconds. */
  public DtlsWire(InetSocketAddress server, int localPort, int patienceMillis) throws IOException {
    this(server, localPort, patienceMillis, false);
  }

  /** Shakes hands although the server's last flight is lost at first. */
  public static DtlsWire losingTheLastFlight(InetSocketAddress server) throws IOException {
    return new DtlsWire(server, 0, 10_000, true);
  }

  private DtlsWire(
      InetSocketAddress server, int localPort, int patienceMillis, boolean losesLastFlight)
      throws IOException {
    socket = new DatagramSocket(localPort, server.getAddress());
    socket.connect(server);
    client = new Client(patienceMillis);
    try {
      UDPTransport transport = new UDPTransport(socket, MTU);
      session =
          new DTLSClientProtocol()
              .connect(client, losesLastFlight ? new LossyTransport(transport) : transport);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  public DtlsWire(InetSocketAddress server) throws IOException {
    this(server, 0, 8000);
  }

  /** The first flight of a handshake: a ClientHello without a cookie. */
  public static byte[] clientHello() {
    Deserter transport = new Deserter(Optional.empty(), 1);
    transport.desert();
    return transport.sent.getFirst();
  }

  /** Returns the server's cookie over this wire and then never says anything again. */
  public static void stall(UdpWire wire) {
    new Deserter(Optional.of(wire), 2).desert();
  }

  /** Loses what comes between the client's first and its second ChangeCipherSpec. */
  private static final class LossyTransport implements DatagramTransport {
    private static final int CHANGE_CIPHER_SPEC = 20;

    private final DatagramTransport real;
    private int changes;

    private LossyTransport(DatagramTransport real) {
      this.real = real;
    }

    @Override
    public int getReceiveLimit() throws IOException {
      return real.getReceiveLimit();
    }

    @Override
    public int getSendLimit() throws IOException {
      return real.getSendLimit();
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
      int received = real.receive(buffer, offset, length, waitMillis);
      return changes == 1 ? -1 : received;
    }

    @Override
    public void send(byte[] buffer, int offset, int length) throws IOException {
      changes += buffer[offset] == CHANGE_CIPHER_SPEC ? 1 : 0;
      real.send(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }

  /** A client that leaves the handshake after so many datagrams. */
  private static final class Deserter implements DatagramTransport {
    private final Optional<UdpWire> wire;
    private final int datagrams;
    private final List<byte[]> sent = new ArrayList<>();

    private Deserter(Optional<UdpWire> wire, int datagrams) {
      this.wire = wire;
      this.datagrams = datagrams;
    }

    private void desert() {
      try {
        new DTLSClientProtocol().connect(new Client(1000), this);
      } catch (IOException _) {
        return;
      }
      throw new AssertionError("a handshake came to its end");
    }

    @Override
    public int getReceiveLimit() {
      return MTU;
    }

    @Override
    public int getSendLimit() {
      return MTU;
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
      if (sent.size() == datagrams || wire.isEmpty()) {
        throw new IOException("gone");
      }
      byte[] datagram = wire.get().receive().orElseThrow(() -> new IOException("no answer"));
      System.arraycopy(datagram, 0, buffer, offset, datagram.length);
      return datagram.length;
    }

    @Override
    public void send(byte[] buffer, int offset, int length) {
      if (sent.size() < datagrams) {
        byte[] datagram = Arrays.copyOfRange(buffer, offset, offset + length);
        sent.add(datagram);
        wire.ifPresent(to -> to.send(datagram));
      }
    }

    @Override
    public void close() {}
  }

  /** The server's certificate, encoded. */
  public byte[] serverCertificate() {
    return client.certificate;
  }

  public String protocolName() {
    return client.protocolName();
  }

  /** Loses the session without a word to the server. */
  public void vanish() {
    socket.close();
  }

  /** Sends a datagram that is not the session's, from its address: anyone on the path can. */
  public void sendForged(byte[] datagram) {
    try {
      socket.send(new DatagramPacket(datagram, datagram.length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void send(byte[] message) {
    try {
      session.send(message, 0, message.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<byte[]> receive() {
    byte[] buffer = new byte[4096];
    try {
      int length = session.receive(buffer, 0, buffer.length, TIMEOUT_MILLIS);
      return length < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(buffer, length));
    } catch (IOException _) {
      return Optional.empty(); // ended by the server
    }
  }

  @Override
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  @Override
  public void close() throws IOException {
    session.close();
    socket.close();
  }

  private static final class Client extends DefaultTlsClient {
    private final int patienceMillis;
    private byte[] certificate = {};

    private Client(int patienceMillis) {
      super(new JcaTlsCryptoProvider().create(new SecureRandom()));
      this.patienceMillis = patienceMillis;
    }

    String protocolName() {
      ProtocolName name = context.getSecurityParametersConnection().getApplicationProtocol();
      return name == null ? "" : name.getUtf8Decoding();
    }

    @Override
    public int getHandshakeTimeoutMillis() {
      return patienceMillis;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
      return new Vector<>(List.of(ProtocolName.asUtf8Encoding("stun.turn")));
    }

    @Override
    public TlsAuthentication getAuthentication() {
      return new TlsAuthentication() {
        @Override
        public void notifyServerCertificate(TlsServerCertificate server) throws IOException {
          certificate = server.getCertificate().getCertificateAt(0).getEncoded();
        }

        @Override
        public TlsCredentials getClientCredentials(CertificateRequest request) {
          return null;
        }
      };
    }
  }
}
