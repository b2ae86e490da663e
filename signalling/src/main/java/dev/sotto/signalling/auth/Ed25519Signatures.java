package dev.sotto.signalling.auth;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/**
 * EdDSA over Ed25519 (RFC 8037 section 3.1) by the JDK's provider: the JWT library would need a
 * second cryptographic library for it.
 */
final class Ed25519Signatures {

  /** DER of a SubjectPublicKeyInfo for Ed25519 up to the key (RFC 8410 section 4). */
  private static final byte[] KEY_INFO = HexFormat.of().parseHex("302a300506032b6570032100");

  private Ed25519Signatures() {}

  static boolean verify(JWSObject jws, OctetKeyPair key) {
    byte[] raw = key.getDecodedX();
    if (!key.getCurve().equals(Curve.Ed25519) || raw.length != 32) {
      return false;
    }
    byte[] encoded = new byte[KEY_INFO.length + raw.length];
    System.arraycopy(KEY_INFO, 0, encoded, 0, KEY_INFO.length);
    System.arraycopy(raw, 0, encoded, KEY_INFO.length, raw.length);
    try {
      PublicKey publicKey =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(publicKey);
      signature.update(jws.getSigningInput());
      return signature.verify(jws.getSignature().decode());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
