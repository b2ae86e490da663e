package dev.sotto.relay.link;

import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How a relay knows that it speaks with its signalling, and with no one between. */
public sealed interface ServerSecurity {

  /** No TLS. Only to addresses of this host; a name that resolves elsewhere is not dialled. */
  record PlainOnLoopback() implements ServerSecurity {}

  /**
   * STARTTLS with a certificate that an authority signed.
   *
   * @param certificates of the authorities; none for those that the JDK trusts
   * @param name that the certificate must be for; none for the XMPP domain
   */
  record Authorities(List<X509Certificate> certificates, Optional<String> name)
      implements ServerSecurity {
    public Authorities {
      certificates = List.copyOf(certificates);
    }
  }

  /**
   * STARTTLS with one of these certificates, whoever signed it, whatever its names and dates.
   *
   * @param sha256 of the certificates' DER, in hexadecimal, with or without colons
   */
  record Pinned(Set<String> sha256) implements ServerSecurity {
    private static final int SHA_256_BYTES = 32;

    public Pinned {
      sha256 =
          sha256.stream()
              .map(pin -> pin.replace(":", "").toLowerCase(Locale.ROOT))
              .collect(Collectors.toUnmodifiableSet());
      if (sha256.isEmpty()) {
        throw new IllegalArgumentException("without a pin no certificate is the right one");
      }
      for (String pin : sha256) {
        if (HexFormat.of().parseHex(pin).length != SHA_256_BYTES) {
          throw new IllegalArgumentException("a pin is not a SHA-256 in hexadecimal: " + pin);
        }
      }
    }
  }
}
