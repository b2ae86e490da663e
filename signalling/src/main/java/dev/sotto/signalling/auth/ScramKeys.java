package dev.sotto.signalling.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server keeps of one password for one hash (RFC 5802 section 3): who steals it can neither
 * read the password nor log in with it, short of guessing. Immutable.
 */
public final class ScramKeys {

  /** RFC 7677 section 4: no fewer; no more than a server can bear to compute in one login. */
  public static final int MIN_ITERATIONS = 4096;

  public static final int MAX_ITERATIONS = 1_000_000;

  private static final int MAX_SALT_BYTES = 128;
  private static final Pattern WRITTEN =
      Pattern.compile(
          "(SCRAM-SHA-1|SCRAM-SHA-256)\\$(\\d{1,7}):([A-Za-z0-9+/=]+)"
              + "\\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)");

  private final ScramHash hash;
  private final int iterations;
  private final byte[] salt;
  private final byte[] storedKey;
  private final byte[] serverKey;

  private ScramKeys(
      ScramHash hash, int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
    this.hash = hash;
    this.iterations = iterations;
    this.salt = salt;
    this.storedKey = storedKey;
    this.serverKey = serverKey;
  }

  /** Derives the keys of a prepared password, which takes milliseconds of CPU. */
  public static ScramKeys derive(ScramHash hash, String prepared, byte[] salt, int iterations) {
    byte[] salted = hash.saltedPassword(prepared, salt, iterations);
    byte[] clientKey = hash.hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
    byte[] serverKey = hash.hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII));
    return new ScramKeys(hash, iterations, salt.clone(), hash.digest(clientKey), serverKey);
  }

  /** Keys that no password gives: what is shown of an account that does not exist. */
  static ScramKeys ofNobody(ScramHash hash, byte[] salt, int iterations) {
    byte[] none = new byte[hash.lengthBytes()];
    return new ScramKeys(hash, iterations, salt.clone(), none, none);
  }

  /**
   * Reads {@code SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY} (base64), the form in which
   * PostgreSQL and others write them; empty if {@code text} is not of that form.
   */
  public static Optional<ScramKeys> parse(String text) {
    Matcher parts = WRITTEN.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    ScramHash hash = ScramHash.ofMechanism(parts.group(1)).orElseThrow();
    int iterations = Integer.parseInt(parts.group(2));
    try {
      byte[] salt = Base64.getDecoder().decode(parts.group(3));
      byte[] stored = Base64.getDecoder().decode(parts.group(4));
      byte[] server = Base64.getDecoder().decode(parts.group(5));
      boolean good =
          iterations >= MIN_ITERATIONS
              && iterations <= MAX_ITERATIONS
              && salt.length > 0
              && salt.length <= MAX_SALT_BYTES
              && stored.length == hash.lengthBytes()
              && server.length == hash.lengthBytes();
      return good
          ? Optional.of(new ScramKeys(hash, iterations, salt, stored, server))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The inverse of {@link #parse}: for stores. */
  public String encoded() {
    Base64.Encoder base64 = Base64.getEncoder();
    return hash.mechanism()
        + "$"
        + iterations
        + ":"
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(storedKey)
        + ":"
        + base64.encodeToString(serverKey);
  }

  /** The hash that they are for. */
  public ScramHash hash() {
    return hash;
  }

  /** Rounds of the key derivation. */
  public int iterations() {
    return iterations;
  }

  /** The salt in base64, as SCRAM sends it. */
  public String saltBase64() {
    return Base64.getEncoder().encodeToString(salt);
  }

  /** Whether the client must derive the same thing for both, so that one challenge serves them. */
  public boolean sharesDerivation(ScramKeys other) {
    return hash == other.hash && iterations == other.iterations && Arrays.equals(salt, other.salt);
  }

  /** Whether {@code proof} shows that its sender knows the password (RFC 5802 section 3). */
  public boolean isProvenBy(byte[] proof, byte[] authMessage) {
    byte[] clientKey = hash.hmac(storedKey, authMessage); // ClientSignature, until it is undone
    if (proof.length != clientKey.length) {
      return false;
    }
    for (int i = 0; i < proof.length; i++) {
      clientKey[i] ^= proof[i];
    }
    return MessageDigest.isEqual(hash.digest(clientKey), storedKey);
  }

  /** {@code ServerSignature}, by which the client knows that the server knows it. */
  public byte[] serverSignature(byte[] authMessage) {
    return hash.hmac(serverKey, authMessage);
  }

  /** Whether this prepared password gives these keys; takes milliseconds of CPU. */
  boolean areOf(String prepared) {
    return equals(derive(hash, prepared, salt, iterations));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScramKeys keys
        && sharesDerivation(keys)
        && MessageDigest.isEqual(storedKey, keys.storedKey)
        && MessageDigest.isEqual(serverKey, keys.serverKey);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(salt);
  }

  /** Shows nothing that could be used. */
  @Override
  public String toString() {
    return "ScramKeys[" + hash.mechanism() + ", " + iterations + "]";
  }
}
