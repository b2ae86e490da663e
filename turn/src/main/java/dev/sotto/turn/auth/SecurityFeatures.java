package dev.sotto.turn.auth;

import java.util.Base64;

/**
 * The security features that a nonce announces (RFC 8489 sections 9.2 and 18.1): an attacker in the
 * middle who takes PASSWORD-ALGORITHMS out of a challenge would have to change the nonce too, and
 * that makes it worthless.
 *
 * @param usernameAnonymity whether every user may be named by USERHASH; impossible for time-limited
 *     credentials, whose names the server has never heard before
 */
public record SecurityFeatures(boolean usernameAnonymity) {
  private static final String COOKIE = "obMatJos2";

  /**
   * The RFC's text numbers the 24 bits from the left, its example and erratum 6290 from the right.
   * Clients of both readings exist, and the bits in between are unassigned, so both ends are set.
   */
  private static final int PASSWORD_ALGORITHMS = 1 << 23 | 1;

  private static final int USERNAME_ANONYMITY = 1 << 22 | 1 << 1;

  String nonceCookie() {
    int bits = PASSWORD_ALGORITHMS | (usernameAnonymity ? USERNAME_ANONYMITY : 0);
    byte[] bytes = {(byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    return COOKIE + Base64.getEncoder().encodeToString(bytes);
  }
}
