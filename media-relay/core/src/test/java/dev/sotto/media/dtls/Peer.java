package dev.sotto.media.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Optional;
import java.util.Vector;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ExtensionType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/** An endpoint as Bouncy Castle makes it, with its own mind about what it offers. */
final class Peer implements DatagramTransport {
  private static final Integer SESSION_TICKET = ExtensionType.session_ticket;
  private static final int DEADLINE_MILLIS = 20_000;

  final BlockingQueue<byte[]> inbox = new LinkedBlockingQueue<>();
  private final JcaTlsCrypto crypto = new JcaTlsCryptoProvider().create(Harness.RANDOM);
  private final Options options;
  private final DatagramOutlet outlet;
  private UnaryOperator<byte[]> gate = UnaryOperator.identity();
  volatile Optional<byte[]> material = Optional.empty();
  volatile Optional<Integer> selectedProfile = Optional.empty();
  volatile Optional<Boolean> gotTicketExtension = Optional.empty();
  volatile Optional<Boolean> gotSessionId = Optional.empty();

  /** What it does differently; the defaults are those of a browser. */
  static final class Options {
    Identity identity = Identity.EC;
    int[] profiles = {0x0001, 0x0008, 0x0007};
    byte[] mki = {};
    boolean showsCertificate = true;
    boolean extendedMasterSecret = true;
    boolean asksForTicket;
    int sendBytes = 1200;
    int paddingBytes;
    int resendMillis = 1000;
  }

  Peer(Options options, DatagramOutlet outlet) {
    this.options = options;
    this.outlet = outlet;
  }

  DTLSTransport shakeHands(DtlsRole role) throws IOException {
    gate = new FlightGate(role)::admit; // the same library gets stuck at the same place
    return role == DtlsRole.ACTIVE
        ? new DTLSClientProtocol().connect(new Client(), this)
        : new DTLSServerProtocol().accept(new Server(), this);
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis)
      throws InterruptedIOException {
    try {
      byte[] arrived = inbox.poll(waitMillis, TimeUnit.MILLISECONDS);
      if (arrived == null) {
        return -1;
      }
      byte[] datagram = gate.apply(arrived);
      System.arraycopy(datagram, 0, buffer, offset, Math.min(length, datagram.length));
      return Math.min(length, datagram.length);
    } catch (InterruptedException e) {
      throw new InterruptedIOException(e.getMessage());
    }
  }

  @Override
  public void send(byte[] buffer, int offset, int length) {
    outlet.send(buffer, offset, length);
  }

  @Override
  public int getReceiveLimit() {
    return 4096 + FlightGate.MAXIMUM_HELD_BYTES;
  }

  @Override
  public int getSendLimit() {
    return options.sendBytes;
  }

  @Override
  public void close() {}

  private TlsCredentialedSigner signer(TlsContext context, Vector<?> algorithms)
      throws IOException {
    TlsCertificate[] chain = {new JcaTlsCertificate(crypto, options.identity.encoded())};
    return new JcaDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        options.identity.key(),
        new Certificate(chain),
        TlsUtils.chooseSignatureAndHashAlgorithm(context, algorithms, options.identity.signature));
  }

  private void export(TlsContext context) {
    if (options.extendedMasterSecret) {
      material = Optional.of(context.exportKeyingMaterial("EXTRACTOR-dtls_srtp", null, 88));
    }
  }

  private final class Client extends DefaultTlsClient {
    private Client() {
      super(Peer.this.crypto);
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return ProtocolVersion.DTLSv12.only();
    }

    @Override
    public int getHandshakeTimeoutMillis() {
      return DEADLINE_MILLIS;
    }

    @Override
    public int getHandshakeResendTimeMillis() {
      return options.resendMillis;
    }

    @Override
    public boolean shouldUseExtendedMasterSecret() {
      return options.extendedMasterSecret;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
      Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
      if (options.profiles.length > 0) {
        TlsSRTPUtils.addUseSRTPExtension(
            extensions, new UseSRTPData(options.profiles, options.mki));
      }
      if (options.asksForTicket) {
        extensions.put(SESSION_TICKET, new byte[0]);
      }
      if (options.paddingBytes > 0) {
        TlsExtensionsUtils.addPaddingExtension(extensions, options.paddingBytes);
      }
      return extensions;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void processServerExtensions(Hashtable extensions) throws IOException {
      super.processServerExtensions(extensions);
      gotTicketExtension = Optional.of(extensions.containsKey(SESSION_TICKET));
      UseSRTPData selected = TlsSRTPUtils.getUseSRTPExtension(extensions);
      selectedProfile = Optional.of(selected.getProtectionProfiles()[0]);
    }

    @Override
    public void notifySessionID(byte[] sessionId) {
      gotSessionId = Optional.of(sessionId.length > 0);
    }

    @Override
    public TlsAuthentication getAuthentication() {
      return new TlsAuthentication() {
        @Override
        public void notifyServerCertificate(TlsServerCertificate shown) throws IOException {
          if (!Arrays.equals(
              shown.getCertificate().getCertificateAt(0).getEncoded(), Harness.OURS.encoded())) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate);
          }
        }

        @Override
        public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
          return options.showsCertificate
              ? signer(context, context.getSecurityParametersHandshake().getServerSigAlgs())
              : null;
        }
      };
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
      super.notifyHandshakeComplete();
      export(context);
    }
  }

  private final class Server extends DefaultTlsServer {
    private Server() {
      super(Peer.this.crypto);
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
      return new int[] {options.identity.cipherSuite};
    }

    @Override
    public int getHandshakeTimeoutMillis() {
      return DEADLINE_MILLIS;
    }

    @Override
    public int getHandshakeResendTimeMillis() {
      return options.resendMillis;
    }

    @Override
    public boolean shouldUseExtendedMasterSecret() {
      return options.extendedMasterSecret;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Hashtable<Integer, byte[]> getServerExtensions() throws IOException {
      Hashtable<Integer, byte[]> extensions = super.getServerExtensions();
      if (options.profiles.length > 0) {
        TlsSRTPUtils.addUseSRTPExtension(
            extensions, new UseSRTPData(options.profiles, options.mki));
        selectedProfile = Optional.of(options.profiles[0]);
      }
      return extensions;
    }

    @Override
    public CertificateRequest getCertificateRequest() {
      return new CertificateRequest(
          new short[] {ClientCertificateType.ecdsa_sign},
          TlsUtils.getDefaultSupportedSignatureAlgorithms(context),
          null);
    }

    @Override
    public void notifyClientCertificate(Certificate chain) throws IOException {
      if (!Arrays.equals(chain.getCertificateAt(0).getEncoded(), Harness.OURS.encoded())) {
        throw new TlsFatalAlert(AlertDescription.bad_certificate);
      }
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
      return signer(context, context.getSecurityParametersHandshake().getClientSigAlgs());
    }

    @Override
    protected TlsCredentialedSigner getRSASignerCredentials() throws IOException {
      return signer(context, context.getSecurityParametersHandshake().getClientSigAlgs());
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
      super.notifyHandshakeComplete();
      export(context);
    }
  }
}
