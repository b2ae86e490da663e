package dev.sotto.media.pacing;

/** In the order in which packets leave. Audio does not wait for the budget. */
public enum PacketPriority {
  AUDIO,
  RETRANSMISSION,
  VIDEO,
  PADDING
}
