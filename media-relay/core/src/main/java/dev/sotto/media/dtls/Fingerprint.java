package dev.sotto.media.dtls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The digest of a certificate as signalling carries it (XEP-0320, RFC 8122 section 5).
 *
 * @param hash its function, none weaker than SHA-256
 * @param value upper-case hexadecimal bytes with colons between them
 */
public record Fingerprint(Hash hash, String value) {
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

  /** The functions accepted, the stronger later. */
  public enum Hash {
    SHA_256("sha-256", 32),
    SHA_384("sha-384", 48),
    SHA_512("sha-512", 64);

    private final String token;
    private final int digestBytes;

    Hash(String token, int digestBytes) {
      this.token = token;
      this.digestBytes = digestBytes;
    }

    /** Its name in signalling, such as {@code sha-256}. */
    public String token() {
      return token;
    }

    private byte[] digest(byte[] certificate) {
      try {
        return MessageDigest.getInstance(token.toUpperCase(Locale.ROOT)).digest(certificate);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("this Java has no " + token, e);
      }
    }
  }

  /**
   * Reads what an endpoint has announced.
   *
   * @throws IllegalArgumentException when the function is unknown or too weak (SHA-1, MD5), or the
   *     value is no digest of it
   */
  public static Fingerprint parse(String hash, String value) {
    for (Hash known : Hash.values()) {
      if (known.token.equalsIgnoreCase(hash)) {
        byte[] digest = COLONS.parseHex(value.strip());
        if (digest.length != known.digestBytes) {
          throw new IllegalArgumentException(
              "a " + known.token + " fingerprint has not " + digest.length + " bytes");
        }
        return new Fingerprint(known, COLONS.formatHex(digest));
      }
    }
    throw new IllegalArgumentException(
        "fingerprints are taken by "
            + Arrays.stream(Hash.values()).map(Hash::token).collect(Collectors.joining(", "))
            + ", not "
            + hash);
  }

  static Fingerprint of(Hash hash, byte[] certificate) {
    return new Fingerprint(hash, COLONS.formatHex(hash.digest(certificate)));
  }

  /**
   * Whether a certificate is one of those announced: of the strongest function announced, any value
   * will do, and weaker ones do not count (RFC 8122 section 5).
   */
  static boolean anyMatches(List<Fingerprint> announced, byte[] certificate) {
    return announced.stream()
        .map(Fingerprint::hash)
        .max(Hash::compareTo)
        .map(strongest -> announced.contains(of(strongest, certificate)))
        .orElse(false);
  }
}
