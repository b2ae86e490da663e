package dev.sotto.media.srtp;

import java.util.Optional;

/**
 * The protection profiles that DTLS-SRTP can negotiate here (RFC 5764 4.1.2, RFC 7714 14.2), in the
 * order in which they are preferred. Lengths are in bytes. No master key identifier is ever used.
 */
public enum SrtpProfile {
  AEAD_AES_128_GCM(0x0007, 16, 0, 12, 16),
  AEAD_AES_256_GCM(0x0008, 32, 0, 12, 16),
  AES_CM_128_HMAC_SHA1_80(0x0001, 16, 20, 14, 10);

  /** The E flag and the index that end or precede the tag of every SRTCP packet (RFC 3711 3.4). */
  static final int SRTCP_WORD_BYTES = 4;

  private final int id;
  private final int keyBytes;
  private final int authenticationKeyBytes;
  private final int saltBytes;
  private final int tagBytes;

  SrtpProfile(int id, int keyBytes, int authenticationKeyBytes, int saltBytes, int tagBytes) {
    this.id = id;
    this.keyBytes = keyBytes;
    this.authenticationKeyBytes = authenticationKeyBytes;
    this.saltBytes = saltBytes;
    this.tagBytes = tagBytes;
  }

  public static Optional<SrtpProfile> ofId(int id) {
    for (SrtpProfile profile : values()) {
      if (profile.id == id) {
        return Optional.of(profile);
      }
    }
    return Optional.empty();
  }

  /** The number in the use_srtp extension. */
  public int id() {
    return id;
  }

  /** Of the master key and of the session keys for encryption. */
  public int keyBytes() {
    return keyBytes;
  }

  int authenticationKeyBytes() {
    return authenticationKeyBytes;
  }

  /** Of the master salt and of the session salts. */
  public int saltBytes() {
    return saltBytes;
  }

  /** What SRTP adds to an RTP packet. */
  public int rtpOverheadBytes() {
    return tagBytes;
  }

  /** What SRTCP adds to an RTCP packet. */
  public int rtcpOverheadBytes() {
    return tagBytes + SRTCP_WORD_BYTES;
  }

  /** What is to be asked of the exporter for {@link DtlsSrtpKeys}. */
  public int exportedBytes() {
    return 2 * (keyBytes + saltBytes);
  }
}
