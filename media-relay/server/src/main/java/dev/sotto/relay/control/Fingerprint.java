package dev.sotto.relay.control;

import java.util.Locale;

/**
 * The hash of a certificate (RFC 8122 section 5).
 *
 * @param hash such as {@code sha-256}, kept in lower case
 * @param value hexadecimal octets with colons between them, kept in upper case
 */
public record Fingerprint(String hash, String value) {
  public Fingerprint {
    hash = hash.toLowerCase(Locale.ROOT);
    value = value.toUpperCase(Locale.ROOT);
  }
}
