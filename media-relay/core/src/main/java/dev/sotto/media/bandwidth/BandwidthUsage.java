package dev.sotto.media.bandwidth;

/** What the one-way delay says of the path: its queue stays, grows or drains. */
enum BandwidthUsage {
  NORMAL,
  OVERUSING,
  UNDERUSING
}
