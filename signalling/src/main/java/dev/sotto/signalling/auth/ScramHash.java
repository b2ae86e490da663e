package dev.sotto.signalling.auth;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The hash functions of SCRAM (RFC 5802, RFC 7677) and what is computed with them. */
public enum ScramHash {
  SHA_1("SHA-1", "HmacSHA1", "PBKDF2WithHmacSHA1", 20),
  SHA_256("SHA-256", "HmacSHA256", "PBKDF2WithHmacSHA256", 32);

  private final String iana;
  private final String macAlgorithm;
  private final String derivation;
  private final int lengthBytes;

  ScramHash(String iana, String macAlgorithm, String derivation, int lengthBytes) {
    this.iana = iana;
    this.macAlgorithm = macAlgorithm;
    this.derivation = derivation;
    this.lengthBytes = lengthBytes;
  }

  /** The SASL mechanism of this hash, without channel binding. */
  public String mechanism() {
    return "SCRAM-" + iana;
  }

  /** The hash whose mechanism has this name. */
  public static Optional<ScramHash> ofMechanism(String name) {
    return Arrays.stream(values()).filter(hash -> hash.mechanism().equals(name)).findAny();
  }

  /** Size of its output. */
  public int lengthBytes() {
    return lengthBytes;
  }

  /** {@code H(data)}. */
  public byte[] digest(byte[] data) {
    try {
      return MessageDigest.getInstance(iana).digest(data);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + iana, e);
    }
  }

  /** {@code HMAC(key, data)}. */
  public byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance(macAlgorithm);
      mac.init(new SecretKeySpec(key, macAlgorithm));
      return mac.doFinal(data);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("no " + macAlgorithm, e);
    }
  }

  /**
   * {@code Hi(password, salt, iterations)} (RFC 5802 section 2.2), which is PBKDF2 and takes
   * milliseconds of CPU: never on an event loop.
   */
  byte[] saltedPassword(String prepared, byte[] salt, int iterations) {
    PBEKeySpec spec =
        new PBEKeySpec(prepared.toCharArray(), salt, iterations, lengthBytes * Byte.SIZE);
    try {
      return SecretKeyFactory.getInstance(derivation).generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no " + derivation, e);
    } finally {
      spec.clearPassword();
    }
  }
}
