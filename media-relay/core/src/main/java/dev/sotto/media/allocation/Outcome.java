package dev.sotto.media.allocation;

/** What became of a source. */
public enum Outcome {
  /** A layer of it is forwarded. */
  FORWARDED,
  /** Not even its lowest layer fits: the receiver should be told that bandwidth is the cause. */
  SUSPENDED,
  /** Others are more important and only so many are wanted. */
  BEYOND_LAST_N,
  /** The receiver shows it nowhere. */
  NOT_WANTED,
  /** Muted, or none of its layers is being sent. */
  NOT_SENT
}
