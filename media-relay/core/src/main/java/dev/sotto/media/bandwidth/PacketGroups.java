package dev.sotto.media.bandwidth;

/**
 * Gathers packets that were sent as one burst and compares each burst with the one before
 * (draft-ietf-rmcat-gcc-02, sections 5.1 and 5.2): by how much the time between two bursts grew on
 * the way. Times in microseconds; the arrival clock is the receiver's own, so only differences
 * count.
 */
final class PacketGroups {
  /** Packets sent within this time are one burst: what a pacer's tick lets go together. */
  private static final long BURST_MICROS = 5_000;

  /** Packets that catch up with each other on the way are one burst, up to this length. */
  private static final long LONGEST_BURST_MICROS = 100_000;

  /** A difference that no queue explains: a clock that was set, or a path that was dead. */
  private static final long JUMP_MICROS = 3_000_000;

  /** So many bursts in a row that arrived before their predecessor: the arrival clock went back. */
  private static final int REORDERED_LIMIT = 3;

  private boolean hasCurrent;
  private boolean hasPrevious;
  private long firstSentMicros;
  private long lastSentMicros;
  private long firstArrivalMicros;
  private long lastArrivalMicros;
  private long previousSentMicros;
  private long previousArrivalMicros;
  private int reordered;
  private long sentDeltaMicros;
  private long arrivalDeltaMicros;
  private long completedArrivalMicros;

  /** Adds a packet; true if a burst was completed by it and the deltas are new. */
  boolean add(long sentMicros, long arrivalMicros) {
    if (!hasCurrent) {
      open(sentMicros, arrivalMicros);
      return false;
    }
    if (sentMicros < firstSentMicros) {
      return false; // of a burst that was compared already
    }
    if (belongsToCurrent(sentMicros, arrivalMicros)) {
      lastSentMicros = Math.max(lastSentMicros, sentMicros);
      lastArrivalMicros = Math.max(lastArrivalMicros, arrivalMicros);
      return false;
    }
    boolean compared = hasPrevious && compare();
    if (hasCurrent) {
      previousSentMicros = lastSentMicros;
      previousArrivalMicros = lastArrivalMicros;
      hasPrevious = true;
    }
    open(sentMicros, arrivalMicros);
    return compared;
  }

  private boolean compare() {
    sentDeltaMicros = lastSentMicros - previousSentMicros;
    arrivalDeltaMicros = lastArrivalMicros - previousArrivalMicros;
    completedArrivalMicros = lastArrivalMicros;
    if (Math.abs(arrivalDeltaMicros - sentDeltaMicros) > JUMP_MICROS) {
      reset();
      return false;
    }
    if (arrivalDeltaMicros < 0) {
      if (++reordered >= REORDERED_LIMIT) {
        reset();
      }
      return false;
    }
    reordered = 0;
    return true;
  }

  private boolean belongsToCurrent(long sentMicros, long arrivalMicros) {
    long sentDelta = sentMicros - lastSentMicros;
    if (sentDelta == 0) {
      return true;
    }
    long arrivalDelta = arrivalMicros - lastArrivalMicros;
    boolean caughtUp =
        arrivalDelta < sentDelta
            && arrivalDelta <= BURST_MICROS
            && arrivalMicros - firstArrivalMicros < LONGEST_BURST_MICROS;
    return caughtUp || sentMicros - firstSentMicros <= BURST_MICROS;
  }

  private void open(long sentMicros, long arrivalMicros) {
    hasCurrent = true;
    firstSentMicros = sentMicros;
    lastSentMicros = sentMicros;
    firstArrivalMicros = arrivalMicros;
    lastArrivalMicros = arrivalMicros;
  }

  private void reset() {
    hasCurrent = false;
    hasPrevious = false;
    reordered = 0;
  }

  /** The time between the last packets of the two bursts compared, at the sender. */
  long sentDeltaMicros() {
    return sentDeltaMicros;
  }

  /** The same at the receiver. */
  long arrivalDeltaMicros() {
    return arrivalDeltaMicros;
  }

  /** When the later of the two bursts had arrived whole, by the receiver's clock. */
  long completedArrivalMicros() {
    return completedArrivalMicros;
  }
}
