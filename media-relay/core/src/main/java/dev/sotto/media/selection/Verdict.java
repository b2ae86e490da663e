package dev.sotto.media.selection;

/** What becomes of a packet in a slot; the owner counts by it. */
public enum Verdict {
  /** Goes out as the rewrite says. */
  FORWARD,
  /**
   * Is not for this receiver, but its absence left a hole in the receiver's numbers: an empty
   * packet (padding only) with the rewrite's header stops the receiver from asking for it.
   */
  FILL,
  /** Of an encoding or layer that was not chosen, or the slot is empty. */
  NOT_SELECTED,
  /** Of the chosen one, before the key frame at which the receiver can begin. */
  WAITING,
  /** Refers to a frame that this receiver was not given. */
  UNDECODABLE,
  /** Cannot be read yet, since what its descriptor leans on is missing: a hole stays for it. */
  UNREADABLE,
  /** Without payload: the sender's probing, which is not for receivers. */
  PADDING,
  DUPLICATE,
  /** Older than what is remembered. */
  TOO_LATE
}
