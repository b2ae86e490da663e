package dev.sotto.relay.statistics;

import java.util.Locale;

/** Why a datagram or packet went no further. Each is counted, none is logged. */
public enum DropReason {
  /** Longer than any packet that crosses the internet whole. */
  OVERSIZED,
  /** Shorter than the header of the kind that its first byte claims. */
  TRUNCATED,
  /** Neither STUN, DTLS, RTP nor RTCP. */
  UNKNOWN_KIND,
  /** From an address that no ICE check has validated. */
  UNKNOWN_ADDRESS,
  /** STUN that was no valid check. */
  STUN_REFUSED,
  /** DTLS before it is expected, or more than the handshake takes. */
  DTLS_REFUSED,
  /** Media before the DTLS handshake has ended. */
  NO_KEYS,
  /** Not authentic. */
  SRTP_FORGED,
  /** Received before, or too late to tell. */
  SRTP_REPLAYED,
  /** SRTP refused it for another reason. */
  SRTP_REFUSED,
  /** Not a well-formed RTP packet. */
  RTP_MALFORMED,
  /** Not a well-formed RTCP compound. */
  RTCP_MALFORMED,
  /** An SSRC that was not announced and that no MID and RID explain. */
  UNKNOWN_SSRC,
  /** A payload type that the endpoint has not described. */
  UNKNOWN_PAYLOAD_TYPE,
  /** The focus has muted the source. */
  FORCE_MUTED,
  /** Above the packet rate or bit rate that one endpoint may send. */
  OVER_RATE,
  /** The receiver has no payload type for the codec of the source. */
  NO_COMMON_CODEC,
  /** The worker's memory for packets that wait is used up. */
  POOL_EXHAUSTED,
  /** The receiver's queue is full. */
  RECEIVER_QUEUE_FULL,
  /** Waited longer than it would have been of use. */
  WAITED_TOO_LONG,
  /** Overwritten in the source's ring before it left. */
  OVERWRITTEN,
  /** The receiver cannot be reached: no consent, or no keys. */
  RECEIVER_UNREACHABLE,
  /** The kernel's send buffer is full. */
  SEND_QUEUE_FULL,
  /** The kernel refused it. */
  SEND_FAILED,
  /** A fault of the relay's own came up while it was handled; the log has the first ones. */
  INTERNAL_FAULT;

  /** The name in metrics, such as {@code unknown-ssrc}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
