package dev.sotto.relay.control;

/** Why a request was refused. The names are stable: they go over the wire. */
public enum ErrorCode {
  /** The request contradicts itself or has a value that is out of its range. */
  BAD_REQUEST,
  /** The request asks for something that this relay does not do. */
  NOT_IMPLEMENTED,
  /** Whoever asks may not command this relay. */
  FORBIDDEN,
  CONFERENCE_NOT_FOUND,
  CONFERENCE_EXISTS,
  ENDPOINT_NOT_FOUND,
  ENDPOINT_EXISTS,
  /** An SSRC is already that of another source, slot or of the relay itself. */
  SSRC_CONFLICT,
  /** A source's id is already that of another source of the conference. */
  SOURCE_CONFLICT,
  LIMIT_CONFERENCES,
  LIMIT_ENDPOINTS,
  LIMIT_SOURCES,
  LIMIT_SSRCS,
  LIMIT_SLOTS,
  LIMIT_CONSTRAINTS,
  LIMIT_PAYLOAD_TYPES,
  LIMIT_HEADER_EXTENSIONS,
  LIMIT_FINGERPRINTS,
  LIMIT_CANDIDATES,
  /** The request as a whole, or one string in it, is longer than this relay reads. */
  LIMIT_LENGTH,
  /** The relay takes no new conferences, because it is about to stop. */
  DRAINING,
  /** The relay failed; the request was not at fault. */
  INTERNAL
}
