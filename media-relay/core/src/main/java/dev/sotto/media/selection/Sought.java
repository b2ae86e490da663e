package dev.sotto.media.selection;

/** What is known of a sequence number that a receiver asks for. */
public enum Sought {
  /** It went out and can go out again. */
  SENT,
  /** It is kept for a packet that was missing. */
  KEPT,
  /** Too old, never given, or filled with nothing. */
  UNKNOWN
}
