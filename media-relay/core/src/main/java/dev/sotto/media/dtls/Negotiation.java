package dev.sotto.media.dtls;

import dev.sotto.media.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/**
 * What is the same whichever side the relay is: who the endpoint has to be, which SRTP profile is
 * agreed, and the keys, which exist only once both are settled.
 */
final class Negotiation {
  /**
   * No SHA-1; no RSA-PSS, which Bouncy Castle claims to verify and with Java's providers cannot.
   */
  private static final List<SignatureAndHashAlgorithm> SIGNATURES =
      List.of(
          signature(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa),
          signature(HashAlgorithm.sha384, SignatureAlgorithm.ecdsa),
          signature(HashAlgorithm.sha512, SignatureAlgorithm.ecdsa),
          signature(HashAlgorithm.sha256, SignatureAlgorithm.rsa),
          signature(HashAlgorithm.sha384, SignatureAlgorithm.rsa),
          signature(HashAlgorithm.sha512, SignatureAlgorithm.rsa));

  private final DtlsRole role;
  private final JcaTlsCrypto crypto;
  private final DtlsCertificate certificate;
  private final List<Fingerprint> expected;
  private final DtlsSettings settings;
  private boolean peerIsExpected;
  private Optional<SrtpProfile> profile = Optional.empty();
  private Optional<SrtpKeys> keys = Optional.empty();
  private Optional<DtlsFailure> failure = Optional.empty();

  Negotiation(
      DtlsRole role,
      JcaTlsCrypto crypto,
      DtlsCertificate certificate,
      List<Fingerprint> expected,
      DtlsSettings settings) {
    this.role = role;
    this.crypto = crypto;
    this.certificate = certificate;
    this.expected = expected;
    this.settings = settings;
  }

  DtlsRole role() {
    return role;
  }

  JcaTlsCrypto crypto() {
    return crypto;
  }

  int firstResendMillis() {
    return (int) settings.firstResend().toMillis();
  }

  int deadlineMillis() {
    return (int) settings.deadline().toMillis();
  }

  /** DTLS 1.3 is not Bouncy Castle's, and what came before 1.2 has no AEAD. */
  static ProtocolVersion[] versions() {
    return ProtocolVersion.DTLSv12.only();
  }

  /** Forward secrecy and authenticated encryption; with RSA only where the endpoint signs so. */
  int[] cipherSuites() {
    int[] withEcKey = {
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
    };
    int[] withAnyKey = {
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
      CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
      CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
      CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
    };
    // The server's key decides about ECDSA or RSA: ours is for an elliptic curve.
    return TlsUtils.getSupportedCipherSuites(
        crypto, role == DtlsRole.PASSIVE ? withEcKey : withAnyKey);
  }

  /** How the endpoint may sign. */
  @SuppressWarnings("JdkObsolete") // Bouncy Castle takes nothing else
  static Vector<SignatureAndHashAlgorithm> signatureAlgorithms() {
    return new Vector<>(SIGNATURES);
  }

  /** Our key, for an algorithm that the endpoint takes. */
  TlsCredentialedSigner signer(TlsContext context, Vector<?> peerAlgorithms) throws IOException {
    SignatureAndHashAlgorithm algorithm =
        TlsUtils.chooseSignatureAndHashAlgorithm(context, peerAlgorithms, SignatureAlgorithm.ecdsa);
    TlsCertificate[] chain = {new JcaTlsCertificate(crypto, certificate.encoded())};
    return new JcaDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        certificate.key(),
        new Certificate(chain),
        algorithm);
  }

  /** Compares the endpoint's certificate with what signalling has announced. */
  void checkPeer(Certificate chain) throws IOException {
    if (chain == null || chain.isEmpty()) {
      throw fail(
          DtlsFailure.Reason.NO_CERTIFICATE, "none shown", AlertDescription.handshake_failure);
    }
    if (!Fingerprint.anyMatches(expected, chain.getCertificateAt(0).getEncoded())) {
      throw fail(
          DtlsFailure.Reason.FINGERPRINT_MISMATCH,
          "the certificate is none of those announced",
          AlertDescription.bad_certificate);
    }
    peerIsExpected = true;
  }

  /** As a server: chooses from what is offered, which may be nothing (null). */
  void chooseProfile(UseSRTPData offered) throws TlsFatalAlert {
    int[] codes = offered == null ? new int[0] : offered.getProtectionProfiles();
    profile = SrtpProfile.preferred(codes);
    if (profile.isEmpty()) {
      throw noCommonProfile("offered", codes);
    }
  }

  /** As a client: takes what was selected, which may be nothing (null). */
  void acceptProfile(UseSRTPData selected) throws TlsFatalAlert {
    int[] codes = selected == null ? new int[0] : selected.getProtectionProfiles();
    profile = codes.length == 1 ? SrtpProfile.preferred(codes) : Optional.empty();
    if (profile.isEmpty() || selected.getMki().length > 0) {
      throw noCommonProfile("selected", codes);
    }
  }

  /** What goes into our use_srtp extension: the choice, or before it all that we know. */
  UseSRTPData useSrtp() {
    int[] codes = profile.map(chosen -> new int[] {chosen.id()}).orElseGet(SrtpProfile::ids);
    return new UseSRTPData(codes, TlsUtils.EMPTY_BYTES);
  }

  /** When the handshake is complete: makes the keys, if all has been settled that they need. */
  void complete(TlsContext context) throws IOException {
    if (!peerIsExpected) {
      throw fail(
          DtlsFailure.Reason.NO_CERTIFICATE, "none shown", AlertDescription.handshake_failure);
    }
    SrtpProfile agreed = profile.orElseThrow();
    byte[] material =
        context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, agreed.exportedBytes());
    keys = Optional.of(SrtpKeys.split(agreed, material, role));
    Arrays.fill(material, (byte) 0);
  }

  /** The keys, after {@link #complete}. */
  SrtpKeys keys() {
    return keys.orElseThrow();
  }

  /** Why this side has ended the handshake, if it had a reason of its own. */
  Optional<DtlsFailure> failure() {
    return failure;
  }

  private static SignatureAndHashAlgorithm signature(short hash, short algorithm) {
    return SignatureAndHashAlgorithm.getInstance(hash, algorithm);
  }

  private TlsFatalAlert noCommonProfile(String how, int[] codes) {
    return fail(
        DtlsFailure.Reason.NO_COMMON_SRTP_PROFILE,
        how + " " + Arrays.toString(codes),
        AlertDescription.handshake_failure);
  }

  private TlsFatalAlert fail(DtlsFailure.Reason reason, String detail, short alert) {
    failure = Optional.of(new DtlsFailure(reason, detail));
    return new TlsFatalAlert(alert, detail);
  }
}
