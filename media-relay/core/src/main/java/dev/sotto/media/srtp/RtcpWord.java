package dev.sotto.media.srtp;

/** The word that SRTCP adds: the E flag and 31 bits of index (RFC 3711 3.4). */
final class RtcpWord {
  static final int ENCRYPTED = 0x8000_0000;

  /** The first header up to its SSRC is never encrypted. */
  static final int CLEAR_BYTES = 8;

  private RtcpWord() {}

  static boolean isEncrypted(int word) {
    return word < 0;
  }

  static int index(int word) {
    return word & ~ENCRYPTED;
  }
}
