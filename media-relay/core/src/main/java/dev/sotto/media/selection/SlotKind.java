package dev.sotto.media.selection;

/** The media that a slot is for. */
public enum SlotKind {
  /** Forwarded whole, and at once. */
  AUDIO(48_000),
  /** By layers where its packets carry the Dependency Descriptor, whole otherwise. */
  VIDEO(90_000);

  private final int clockRateHz;

  SlotKind(int clockRateHz) {
    this.clockRateHz = clockRateHz;
  }

  /** Of the RTP timestamps: Opus and every video payload format have but one. */
  public int clockRateHz() {
    return clockRateHz;
  }
}
