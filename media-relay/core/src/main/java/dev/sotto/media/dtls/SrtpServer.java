package dev.sotto.media.dtls;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsSRTPUtils;

/**
 * What the relay says in the passive role: no session to resume and no ticket, since a client that
 * asks for tickets and gets one may fail (GnuTLS), and none is ever used again.
 */
final class SrtpServer extends DefaultTlsServer {
  private final Negotiation negotiation;

  SrtpServer(Negotiation negotiation) {
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
  @SuppressWarnings("unchecked") // Bouncy Castle has no type parameters
  public Hashtable<Integer, byte[]> getServerExtensions() throws IOException {
    negotiation.chooseProfile(
        clientExtensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(clientExtensions));
    Hashtable<Integer, byte[]> extensions = super.getServerExtensions();
    TlsSRTPUtils.addUseSRTPExtension(extensions, negotiation.useSrtp());
    return extensions;
  }

  @Override
  public CertificateRequest getCertificateRequest() {
    return new CertificateRequest(
        new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign},
        Negotiation.signatureAlgorithms(),
        null);
  }

  @Override
  public void notifyClientCertificate(Certificate chain) throws IOException {
    negotiation.checkPeer(chain);
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
    return negotiation.signer(context, context.getSecurityParametersHandshake().getClientSigAlgs());
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    negotiation.complete(context);
  }
}
