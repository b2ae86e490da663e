package dev.sotto.media.dtls;

import java.util.Optional;

/**
 * What protects media after the handshake (RFC 5764 section 4.1.2, RFC 7714 section 14.2), in the
 * relay's order of preference: one pass over the packet is cheaper than two, and AES-128 than
 * AES-256.
 */
public enum SrtpProtectionProfile {
  AEAD_AES_128_GCM(0x0007, 16, 12),
  AEAD_AES_256_GCM(0x0008, 32, 12),
  AES128_CM_HMAC_SHA1_80(0x0001, 16, 14);

  private final int code;
  private final int keyBytes;
  private final int saltBytes;

  SrtpProtectionProfile(int code, int keyBytes, int saltBytes) {
    this.code = code;
    this.keyBytes = keyBytes;
    this.saltBytes = saltBytes;
  }

  /** Its number in IANA's registry of DTLS-SRTP protection profiles. */
  public int code() {
    return code;
  }

  public int keyBytes() {
    return keyBytes;
  }

  public int saltBytes() {
    return saltBytes;
  }

  /** The numbers of all, the preferred one first. */
  static int[] codes() {
    SrtpProtectionProfile[] profiles = values();
    int[] codes = new int[profiles.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = profiles[i].code;
    }
    return codes;
  }

  /** The relay's favourite among those offered. */
  static Optional<SrtpProtectionProfile> preferred(int[] offered) {
    for (SrtpProtectionProfile profile : values()) {
      for (int code : offered) {
        if (code == profile.code) {
          return Optional.of(profile);
        }
      }
    }
    return Optional.empty();
  }
}
