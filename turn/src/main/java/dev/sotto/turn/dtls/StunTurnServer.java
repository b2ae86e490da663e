package dev.sotto.turn.dtls;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.EncryptionAlgorithm;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/**
 * What the server says in one handshake: DTLS 1.2 with forward secrecy and authenticated
 * encryption, the protocol names of RFC 7443 for those that ask, no session to resume.
 */
final class StunTurnServer extends DefaultTlsServer {
  static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration FIRST_RESEND = Duration.ofSeconds(1);

  private static final int GCM_NONCE_BYTES = 8;
  private static final int TAG_BYTES = 16;

  private static final int[] WITH_EC_KEY = {
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
  };
  private static final int[] WITH_RSA_KEY = {
    CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
  };
  private static final List<ProtocolName> PROTOCOL_NAMES =
      List.of(
          ProtocolName.asUtf8Encoding("stun.turn"),
          ProtocolName.asUtf8Encoding("stun.nat-discovery"));

  private final JcaTlsCrypto crypto;
  private final DtlsContext.Identity identity;

  StunTurnServer(JcaTlsCrypto crypto, DtlsContext.Identity identity) {
    super(crypto);
    this.crypto = crypto;
    this.identity = identity;
  }

  /**
   * Bytes that the body of an encrypted record has at least under the suite that was selected: with
   * GCM an explicit nonce and a tag (RFC 5288 section 3), else a tag (RFC 7905 section 2).
   */
  int shortestEncryptedBytes() {
    boolean isGcm =
        TlsUtils.getEncryptionAlgorithm(selectedCipherSuite)
            != EncryptionAlgorithm.CHACHA20_POLY1305;
    return isGcm ? GCM_NONCE_BYTES + TAG_BYTES : TAG_BYTES;
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return (int) HANDSHAKE_TIMEOUT.toMillis();
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return (int) FIRST_RESEND.toMillis();
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return TlsUtils.getSupportedCipherSuites(
        crypto, identity.tls().key().getAlgorithm().equals("EC") ? WITH_EC_KEY : WITH_RSA_KEY);
  }

  @Override
  protected Vector<ProtocolName> getProtocolNames() {
    return new Vector<>(PROTOCOL_NAMES);
  }

  /** A client that asks for other names only is served as one that asks for none. */
  @Override
  protected ProtocolName selectProtocolName() {
    return selectProtocolName(clientProtocolNames, getProtocolNames());
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
    return signer(SignatureAlgorithm.ecdsa);
  }

  @Override
  protected TlsCredentialedSigner getRSASignerCredentials() throws IOException {
    return signer(SignatureAlgorithm.rsa);
  }

  private TlsCredentialedSigner signer(short signatureAlgorithm) throws IOException {
    SignatureAndHashAlgorithm algorithm =
        TlsUtils.chooseSignatureAndHashAlgorithm(
            context,
            context.getSecurityParametersHandshake().getClientSigAlgs(),
            signatureAlgorithm);
    return new JcaDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        identity.tls().key(),
        identity.chain(),
        algorithm);
  }
}
