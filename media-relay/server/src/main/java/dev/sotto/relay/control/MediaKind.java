package dev.sotto.relay.control;

/** The two kinds of media that the relay forwards. */
public enum MediaKind {
  AUDIO,
  VIDEO
}
