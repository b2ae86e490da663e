package dev.sotto.config;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.UDPTransport;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/** A DTLS session of Bouncy Castle on a real socket, with a server of any certificate. */
record DtlsWire(DatagramSocket socket, DTLSTransport session, int patienceMillis)
    implements TurnUser.Wire {

  private static final int MTU = 1500;
  private static final int MAXIMUM_BYTES = 4096;

  static DtlsWire connect(InetSocketAddress server, int patienceMillis) throws IOException {
    DatagramSocket socket = new DatagramSocket(0, server.getAddress());
    socket.connect(server);
    try {
      DTLSTransport session =
          new DTLSClientProtocol()
              .connect(new TrustingClient(patienceMillis), new UDPTransport(socket, MTU));
      return new DtlsWire(socket, session, patienceMillis);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void send(byte[] message) throws IOException {
    session.send(message, 0, message.length);
  }

  @Override
  public byte[] receive() throws IOException {
    byte[] buffer = new byte[MAXIMUM_BYTES];
    int length = session.receive(buffer, 0, buffer.length, patienceMillis);
    if (length < 0) {
      throw new SocketTimeoutException("nothing came in " + patienceMillis + " ms");
    }
    return Arrays.copyOf(buffer, length);
  }

  @Override
  public void close() throws IOException {
    session.close();
    socket.close();
  }

  private static final class TrustingClient extends DefaultTlsClient {
    private final int patienceMillis;

    private TrustingClient(int patienceMillis) {
      super(new JcaTlsCryptoProvider().create(new SecureRandom()));
      this.patienceMillis = patienceMillis;
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
    public TlsAuthentication getAuthentication() {
      return new TlsAuthentication() {
        @Override
        public void notifyServerCertificate(TlsServerCertificate server) {}

        @Override
        public TlsCredentials getClientCredentials(CertificateRequest request) {
          return null;
        }
      };
    }
  }
}
