package dev.sotto.media.selection;

import dev.sotto.media.dd.DependencyDescriptorWriter;
import dev.sotto.media.dd.TemplateDependencyStructure;

/**
 * The stream that a slot sends: its numbers, its stretches, its timeline, and the rewrite that they
 * make of a packet. Knows which packet has which number, not why.
 */
final class OutgoingStream {
  /**
   * Numbers that are kept for one gap. A longer one is no loss that is repaired packet by packet;
   * some numbers are missed, so it still shows as loss.
   */
  static final int LONGEST_GAP = 64;

  final NumberLedger numbers;
  final Stretches stretches;
  private final Timeline timeline;
  private final int ssrc;

  OutgoingStream(
      SlotKind kind,
      int ssrc,
      int firstSequenceNumber,
      int firstTimestamp,
      int history,
      TemplateDependencyStructure none) {
    this.ssrc = ssrc;
    numbers = new NumberLedger(history, firstSequenceNumber & 0xffff);
    stretches = new Stretches(none);
    timeline = new Timeline(kind, firstTimestamp);
  }

  /** Opens a stretch from the packet on that is next to be numbered, with nothing changed yet. */
  int open(long index) {
    return stretches.open(index, numbers.highest() + 1);
  }

  /** Opens the first stretch of an encoding in this place of the stream. */
  int open(
      long index, int source, int encoding, int timestamp, long captureNanos, long arrivalNanos) {
    int place = open(index);
    stretches.source[place] = source;
    stretches.encoding[place] = encoding;
    stretches.timestampOffset[place] =
        timeline.begin(source, timestamp, captureNanos, arrivalNanos);
    return place;
  }

  /** Keeps numbers for packets that are missing: those from the first to before the last. */
  void keep(long from, long to) {
    for (long missing = from; missing < to; missing++) {
      numbers.keep(missing, stretches.current());
    }
  }

  /** Gives the next number to the newest packet. */
  void give(long index, int flags, long captureNanos, long arrivalNanos, Rewrite into) {
    int place = stretches.current();
    describe(place, numbers.give(index, place, flags), flags, into);
    timeline.advance(into.source, into.timestamp(), captureNanos, arrivalNanos);
  }

  /** Gives a number to the packet that it was kept for. */
  void giveKept(
      long number,
      long index,
      int place,
      int flags,
      long captureNanos,
      long arrivalNanos,
      Rewrite into) {
    numbers.give(number, index, NumberLedger.SENT, place, flags);
    describe(place, number, flags, into);
    timeline.advance(into.source, into.timestamp(), captureNanos, arrivalNanos);
  }

  /** Gives up a number that was kept for a packet which is not to go out. */
  void fill(long number, long index, int place, Rewrite into) {
    numbers.give(number, index, NumberLedger.FILLED, place, 0);
    describe(place, number, 0, into);
  }

  /** The number that belongs to a packet of a stretch, or -1. */
  long find(int place, long index) {
    return numbers.find(
        index, stretches.firstNumber[place], stretches.lastNumber(place, numbers.highest()));
  }

  Sought find(int sequenceNumber, Rewrite into) {
    long number = numbers.named(sequenceNumber);
    if (number < 0) {
      return Sought.UNKNOWN;
    }
    int place = numbers.stretch(number);
    int state = numbers.state(number);
    boolean known =
        state == NumberLedger.SENT
            || (state == NumberLedger.KEPT && !stretches.isClosedToLate(place));
    if (!known || !stretches.holds(place, number)) {
      return Sought.UNKNOWN;
    }
    into.sourceSequenceNumber = numbers.sourceSequenceNumber(number);
    describe(place, number, numbers.flags(number), into);
    return state == NumberLedger.SENT ? Sought.SENT : Sought.KEPT;
  }

  private void describe(int place, long number, int flags, Rewrite into) {
    into.ssrc = ssrc;
    into.source = stretches.source[place];
    into.encoding = stretches.encoding[place];
    into.packetIndex = number;
    into.timestampOffset = stretches.timestampOffset[place];
    into.marker = (flags & NumberLedger.MARKER) != 0;
    into.frameNumberDelta = stretches.frameNumberDelta[place];
    into.templateIdDelta = stretches.templateIdDelta[place];
    into.structureWanted = (flags & NumberLedger.STRUCTURE) != 0;
    into.activeDecodeTargets =
        (flags & NumberLedger.MASK) != 0
            ? stretches.activeDecodeTargets[place] & 0xffff_ffffL
            : DependencyDescriptorWriter.SAME_DECODE_TARGETS;
  }
}
