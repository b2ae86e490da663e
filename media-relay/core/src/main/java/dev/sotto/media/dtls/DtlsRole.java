package dev.sotto.media.dtls;

import java.util.Optional;

/** Which side of a handshake the relay is (RFC 5763 section 5, {@code a=setup}). */
public enum DtlsRole {
  /** The client: it begins. */
  ACTIVE,
  /** The server: it waits. */
  PASSIVE;

  /**
   * The role to take against what an endpoint has announced. One that leaves the choice gets a
   * server: that costs nothing until the endpoint has said something.
   *
   * @param setup {@code active}, {@code passive} or {@code actpass}
   * @return empty for anything else
   */
  public static Optional<DtlsRole> against(String setup) {
    return switch (setup) {
      case "active", "actpass" -> Optional.of(PASSIVE);
      case "passive" -> Optional.of(ACTIVE);
      default -> Optional.empty();
    };
  }
}
