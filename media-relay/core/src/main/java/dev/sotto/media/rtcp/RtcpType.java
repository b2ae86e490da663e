package dev.sotto.media.rtcp;

/**
 * The kinds of RTCP packets that are told apart, by packet type and, for feedback, format (RFC 3550
 * section 12.1, RFC 4585 section 6.1). Whatever else there is counts as {@link #OTHER}.
 */
public enum RtcpType {
  SENDER_REPORT,
  RECEIVER_REPORT,
  SOURCE_DESCRIPTION,
  GOODBYE,
  APPLICATION,
  /** Generic NACK, RFC 4585 section 6.2.1. */
  NACK,
  /** draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1. */
  TRANSPORT_FEEDBACK,
  /** PLI, RFC 4585 section 6.3.1. */
  PICTURE_LOSS,
  /** FIR, RFC 5104 section 4.3.1. */
  FULL_INTRA_REQUEST,
  /** draft-alvestrand-rmcat-remb-03 section 2. */
  RECEIVER_ESTIMATE,
  /** XR, RFC 3611. */
  EXTENDED_REPORT,
  OTHER;

  static final int SR = 200;
  static final int RR = 201;
  static final int SDES = 202;
  static final int BYE = 203;
  static final int APP = 204;
  static final int RTPFB = 205;
  static final int PSFB = 206;
  static final int XR = 207;

  static final int NACK_FORMAT = 1;
  static final int TRANSPORT_FEEDBACK_FORMAT = 15;
  static final int PLI_FORMAT = 1;
  static final int FIR_FORMAT = 4;
  static final int APPLICATION_LAYER_FORMAT = 15;
}
