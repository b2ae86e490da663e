package dev.sotto.media.dtls;

/**
 * Why there is no session.
 *
 * @param reason a stable code
 * @param detail for the log, such as the alert's name; without secrets
 */
public record DtlsFailure(Reason reason, String detail) {
  /** The kinds of failures. */
  public enum Reason {
    /** The endpoint's certificate is none of those that signalling announced. */
    FINGERPRINT_MISMATCH,
    /** The endpoint has shown no certificate. */
    NO_CERTIFICATE,
    /** Nothing that the endpoint offers or selects for SRTP is known here. */
    NO_COMMON_SRTP_PROFILE,
    /** The deadline has passed. */
    TIMED_OUT,
    /** The endpoint has sent an alert. */
    REFUSED_BY_PEER,
    /** The endpoint has broken the protocol, or offers nothing that is secure enough. */
    PROTOCOL_ERROR,
    /** {@link DtlsHandshake#cancel} was called, or the thread interrupted. */
    CANCELLED
  }
}
