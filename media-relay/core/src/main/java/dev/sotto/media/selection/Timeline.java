package dev.sotto.media.selection;

/**
 * The outgoing timestamps of a slot: within a stretch those of the source, shifted; from one
 * stretch to the next as much further as time has gone on, and always further. Times are
 * nanoseconds.
 */
final class Timeline {
  /** For a packet whose capture time is not known. */
  static final long UNKNOWN = SlotProjection.NO_CAPTURE_TIME;

  /** Capture times that differ from arrivals by more are another clock's, or a mistake. */
  private static final long PLAUSIBLE_NANOS = 10_000_000_000L;

  /** A step of less than half the number range still reads as forward after the longest pause. */
  private static final long LONGEST_STEP = 1L << 30;

  private final int clockRateHz;
  private final boolean keepsStep;
  private int last;
  private boolean started;
  private int lastSource;
  private long lastCaptureNanos;
  private long lastArrivalNanos;
  private int stepTicks;

  Timeline(SlotKind kind, int firstTimestamp) {
    clockRateHz = kind.clockRateHz();
    // Audio packets last; a frame of video may follow another at once. Until two packets have shown
    // how long, 20 ms, which is what browsers send.
    keepsStep = kind == SlotKind.AUDIO;
    stepTicks = keepsStep ? clockRateHz / 50 : 1;
    last = firstTimestamp;
  }

  /** The offset of a stretch that begins with this packet. */
  int begin(int source, int timestamp, long captureNanos, long arrivalNanos) {
    return started
        ? last + ticks(source, captureNanos, arrivalNanos) - timestamp
        : last - timestamp;
  }

  private int ticks(int source, long captureNanos, long arrivalNanos) {
    long elapsed = arrivalNanos - lastArrivalNanos;
    if (source == lastSource && captureNanos != UNKNOWN && lastCaptureNanos != UNKNOWN) {
      long captured = captureNanos - lastCaptureNanos;
      if (Math.abs(captured - elapsed) < PLAUSIBLE_NANOS) {
        elapsed = captured;
      }
    }
    long ticks = elapsed / 1000 * clockRateHz / 1_000_000;
    return (int) Math.clamp(ticks, stepTicks, LONGEST_STEP);
  }

  /** The newest packet that was sent. */
  void advance(int source, int outgoing, long captureNanos, long arrivalNanos) {
    int step = outgoing - last;
    if (keepsStep && started && source == lastSource && step > 0 && step <= clockRateHz / 8) {
      stepTicks = step;
    }
    if (!started || step > 0) {
      last = outgoing;
      lastCaptureNanos = captureNanos;
      lastArrivalNanos = arrivalNanos;
    }
    lastSource = source;
    started = true;
  }
}
