package dev.sotto.media.srtp;

/**
 * Why a packet was neither protected nor unprotected. {@link SrtpTransform} returns the negative
 * {@link #code} in place of a length; a caller counts by {@link #of}. A refused packet changes no
 * state.
 */
public enum SrtpRefusal {
  /** Shorter than a header and what the profile adds. */
  TOO_SHORT(-1),
  /** Not version 2, or a header that says it is longer than the packet. */
  MALFORMED(-2),
  /** The tag is wrong: forged, damaged, of another key, or the rollover counter was lost. */
  AUTHENTICATION_FAILED(-3),
  /** This index was received before (RFC 3711 3.3.2). */
  REPLAYED(-4),
  /** The index lies behind the window, so that nothing is known of it. */
  TOO_OLD(-5),
  /** One more SSRC than the transform keeps state for. */
  TOO_MANY_SSRCS(-6),
  /** 2^48 RTP or 2^31 RTCP packets of one SSRC: a new key is needed (RFC 3711 9.2). */
  KEY_EXHAUSTED(-7),
  /** The sequence number went out before with other bytes: the vector must not be used again. */
  VECTOR_REUSED(-8);

  /** In the order of the codes, which are -1 and downwards. */
  private static final SrtpRefusal[] BY_CODE = values();

  private final int code;

  SrtpRefusal(int code) {
    this.code = code;
  }

  /** Negative. */
  public int code() {
    return code;
  }

  /**
   * The reason behind a negative result.
   *
   * @throws IndexOutOfBoundsException for a length or for what no transform returned
   */
  public static SrtpRefusal of(int result) {
    return BY_CODE[-1 - result];
  }
}
