package dev.sotto.media.srtp;

import java.util.Arrays;
import java.util.Optional;

/**
 * The protection profiles that DTLS-SRTP can negotiate here (RFC 5764 4.1.2, RFC 7714 14.2), in the
 * order of preference: one pass over the packet is cheaper than two, and AES-128 than AES-256.
 * Lengths are in bytes. No master key identifier is ever used.
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

  /** The favourite among the offered numbers of use_srtp. */
  public static Optional<SrtpProfile> preferred(int[] offeredIds) {
    for (SrtpProfile profile : values()) {
      for (int id : offeredIds) {
        if (id == profile.id) {
          return Optional.of(profile);
        }
      }
    }
    return Optional.empty();
  }

  /** The numbers of all, the favourite first. */
  public static int[] ids() {
    return Arrays.stream(values()).mapToInt(SrtpProfile::id).toArray();
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

  /** What the exporter of DTLS gives: keys and salts of both directions (RFC 5764 section 4.2). */
  public int exportedBytes() {
    return 2 * (keyBytes + saltBytes);
  }
}
