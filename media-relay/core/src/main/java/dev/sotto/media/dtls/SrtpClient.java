package dev.sotto.media.dtls;

import java.io.IOException;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;

/** What the relay says in the active role. */
final class SrtpClient extends DefaultTlsClient {
  private final Negotiation negotiation;

  SrtpClient(Negotiation negotiation) {
    super(negotiation.crypto());
    this.negotiation = negotiation;
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return negotiation.deadlineMillis();
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return negotiation.firstResendMillis();
  }

  @Override
  public boolean requiresExtendedMasterSecret() {
    return true; // keys may not be exported without (RFC 7627 section 5.4)
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return Negotiation.versions();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return negotiation.cipherSuites();
  }

  @Override
  protected Vector<SignatureAndHashAlgorithm> getSupportedSignatureAlgorithms() {
    return Negotiation.signatureAlgorithms();
  }

  /** Nobody vouches for certificates here but signalling. */
  @Override
  protected CertificateStatusRequest getCertificateStatusRequest() {
    return null;
  }

  @Override
  @SuppressWarnings("unchecked") // Bouncy Castle has no type parameters
  public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
    Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
    TlsSRTPUtils.addUseSRTPExtension(extensions, negotiation.useSrtp());
    return extensions;
  }

  @Override
  @SuppressWarnings("rawtypes") // Bouncy Castle has no type parameters
  public void processServerExtensions(Hashtable extensions) throws IOException {
    super.processServerExtensions(extensions);
    negotiation.acceptProfile(
        extensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(extensions));
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate shown) throws IOException {
        negotiation.checkPeer(shown.getCertificate());
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        return negotiation.signer(
            context, context.getSecurityParametersHandshake().getServerSigAlgs());
      }
    };
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    negotiation.complete(context);
  }
}
