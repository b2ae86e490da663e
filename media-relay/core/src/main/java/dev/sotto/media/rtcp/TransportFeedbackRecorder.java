package dev.sotto.media.rtcp;

import dev.sotto.media.rtp.SequenceUnwrapper;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Records when packets with a transport-wide number arrived and writes the feedback on them
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1). The window is fixed; a jump
 * beyond it starts anew. A late packet is reported again with all after it, so that the sender
 * learns of reordering. Due an interval after the first unreported arrival.
 */
public final class TransportFeedbackRecorder {
  /** What libwebrtc uses until it knows the bit rate. */
  public static final long DEFAULT_INTERVAL_NANOS = 100_000_000L;

  /** 4 s at 1000 packets/s, and one run chunk can still say that all of it was lost. */
  public static final int DEFAULT_WINDOW_PACKETS = 4096;

  /** What {@link #nanosUntilDue} says when nothing arrived. */
  public static final long NEVER = Long.MAX_VALUE;

  /**
   * How far behind the newest a late packet is still reported: beyond, repeating the report of all
   * in between costs more than the news is worth.
   */
  static final int MAX_LATE_PACKETS = 512;

  /** Room for the header, three chunks and the deltas of one full vector. */
  static final int MIN_ROOM_BYTES = 44;

  private static final int MAX_WINDOW_PACKETS = 8192;
  private static final long TICK_NANOS = 1000 * TransportFeedback.TICK_MICROS;
  private static final long NO_ARRIVAL = Long.MIN_VALUE;

  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private final long[] arrivalTicks;
  private final byte[] symbols;
  private final short[] deltas;
  private final int mask;
  private long intervalNanos;

  /** The first arrival: times are counted from here, so that the clock may wrap. */
  private long originNanos;

  private long next;
  private boolean hasUnreported;
  private long dueNanos;
  private int feedbackCount;
  private long ignored;

  /** The window is a power of two up to 8192. */
  public TransportFeedbackRecorder(int windowPackets, long intervalNanos) {
    if (Integer.bitCount(windowPackets) != 1 || windowPackets > MAX_WINDOW_PACKETS) {
      throw new IllegalArgumentException(
          "window must be a power of two up to " + MAX_WINDOW_PACKETS + ": " + windowPackets);
    }
    this.intervalNanos = intervalNanos;
    mask = windowPackets - 1;
    arrivalTicks = new long[windowPackets];
    symbols = new byte[windowPackets];
    deltas = new short[windowPackets];
  }

  /** From the next arrival on; a greater bit rate deserves more frequent feedback. */
  public void setInterval(long nanos) {
    intervalNanos = nanos;
  }

  public void onPacket(int transportSequenceNumber, long nowNanos) {
    if (!unwrapper.isStarted()) {
      originNanos = nowNanos;
      startAt(unwrapper.unwrap(transportSequenceNumber));
    }
    long highest = unwrapper.highest();
    long number = unwrapper.unwrap(transportSequenceNumber);
    if (number - highest > mask) {
      startAt(number);
    } else if (number > highest) {
      for (long lost = highest + 1; lost <= number; lost++) {
        arrivalTicks[(int) lost & mask] = NO_ARRIVAL;
      }
      next = Math.max(next, number - mask);
    } else if (isIgnored(number, highest)) {
      ignored++;
      return;
    }
    next = Math.min(next, number);
    arrivalTicks[(int) number & mask] = Math.floorDiv(nowNanos - originNanos, TICK_NANOS);
    if (!hasUnreported) {
      hasUnreported = true;
      dueNanos = nowNanos + intervalNanos;
    }
  }

  private boolean isIgnored(long number, long highest) {
    return highest - number > Math.min(mask, MAX_LATE_PACKETS)
        || arrivalTicks[(int) number & mask] != NO_ARRIVAL;
  }

  private void startAt(long number) {
    Arrays.fill(arrivalTicks, NO_ARRIVAL);
    next = number;
  }

  /** Time until feedback should be written: 0 when due, {@link #NEVER} when nothing arrived. */
  public long nanosUntilDue(long nowNanos) {
    if (!hasUnreported) {
      return NEVER;
    }
    boolean halfFull = unwrapper.highest() - next > mask / 2;
    return halfFull ? 0 : Math.max(0, dueNanos - nowNanos);
  }

  /**
   * Writes one feedback packet; to be repeated until there is nothing left to report.
   *
   * @return its length, a multiple of four; 0 when there is nothing to report or less than 44 bytes
   *     of room
   */
  public int write(MemorySegment target, long offset, int capacity, int senderSsrc, int mediaSsrc) {
    if (!hasUnreported || capacity < MIN_ROOM_BYTES) {
      return 0;
    }
    long referenceTicks =
        Math.floorDiv(firstArrivalTicks(), TransportFeedback.TICKS_PER_REFERENCE)
            * (long) TransportFeedback.TICKS_PER_REFERENCE;
    int count = collect(referenceTicks);
    int covered = 0;
    int chunkBytes = 0;
    int deltaBytes = 0;
    int room = (capacity & ~3) - TransportFeedback.CHUNKS_OFFSET;
    while (covered < count) {
      int left = room - chunkBytes - deltaBytes - TransportFeedback.CHUNK_BYTES;
      int chunk = chunkAt(covered, count, left);
      int taken = symbolsTaken(chunk, count - covered);
      int bytes = deltaBytes(covered, taken);
      if (taken == 0 || bytes > left) {
        break;
      }
      Wire.putU16(target, offset + TransportFeedback.CHUNKS_OFFSET + chunkBytes, chunk);
      chunkBytes += TransportFeedback.CHUNK_BYTES;
      deltaBytes += bytes;
      covered += taken;
    }
    writeDeltas(target, offset + TransportFeedback.CHUNKS_OFFSET + chunkBytes, covered);
    int used = TransportFeedback.CHUNKS_OFFSET + chunkBytes + deltaBytes;
    int length = used + (-used & 3);
    for (int i = used; i < length; i++) {
      Wire.putU8(target, offset + i, 0);
    }
    writeHeader(target, offset, length, senderSsrc, mediaSsrc);
    Wire.putU16(target, offset + TransportFeedback.BASE_OFFSET, (int) next);
    Wire.putU16(target, offset + TransportFeedback.STATUS_COUNT_OFFSET, covered);
    Wire.putU24(
        target,
        offset + TransportFeedback.REFERENCE_TIME_OFFSET,
        (int) (referenceTicks / TransportFeedback.TICKS_PER_REFERENCE));
    Wire.putU8(target, offset + TransportFeedback.FEEDBACK_COUNT_OFFSET, feedbackCount++);
    next += covered;
    hasUnreported = next <= unwrapper.highest();
    return length;
  }

  /** The first that is reported as received; there is one, since the highest was received. */
  private long firstArrivalTicks() {
    long number = next;
    while (arrivalTicks[(int) number & mask] == NO_ARRIVAL) {
      number++;
    }
    return arrivalTicks[(int) number & mask];
  }

  /** Finds symbols and deltas as far as one reference time and 16-bit deltas reach. */
  private int collect(long referenceTicks) {
    int count = (int) (unwrapper.highest() - next) + 1;
    long previous = referenceTicks;
    for (int i = 0; i < count; i++) {
      long arrival = arrivalTicks[(int) (next + i) & mask];
      if (arrival == NO_ARRIVAL) {
        symbols[i] = TransportFeedback.NOT_RECEIVED;
        continue;
      }
      long delta = arrival - previous;
      if ((short) delta != delta) {
        return i;
      }
      symbols[i] =
          (byte)
              ((delta & ~0xff) == 0
                  ? TransportFeedback.SMALL_DELTA
                  : TransportFeedback.LARGE_DELTA);
      deltas[i] = (short) delta;
      previous = arrival;
    }
    return count;
  }

  /** The chunk that says most from here on; a run is cut to the room that its deltas have. */
  private int chunkAt(int from, int count, int left) {
    int symbol = symbols[from];
    int run = 1;
    while (from + run < count && symbols[from + run] == symbol && run < TransportFeedback.MAX_RUN) {
      run++;
    }
    int oneBitEnd = Math.min(count, from + TransportFeedback.ONE_BIT_VECTOR);
    boolean twoBits = false;
    for (int i = from; i < oneBitEnd; i++) {
      twoBits |= symbols[i] == TransportFeedback.LARGE_DELTA;
    }
    int vector = twoBits ? TransportFeedback.TWO_BIT_VECTOR : TransportFeedback.ONE_BIT_VECTOR;
    if (run >= vector || from + run == count) {
      int fitting = symbol == 0 ? run : Math.clamp(left / symbol, 0, run);
      return symbol << TransportFeedback.RUN_SYMBOL_SHIFT | fitting;
    }
    int bits = twoBits ? 2 : 1;
    int chunk = TransportFeedback.VECTOR_BIT | (twoBits ? TransportFeedback.TWO_BIT_SYMBOLS : 0);
    for (int i = 0; i < vector && from + i < count; i++) {
      chunk |= symbols[from + i] << (bits * (vector - 1 - i));
    }
    return chunk;
  }

  private static int symbolsTaken(int chunk, int left) {
    if ((chunk & TransportFeedback.VECTOR_BIT) == 0) {
      return chunk & TransportFeedback.MAX_RUN;
    }
    boolean twoBits = (chunk & TransportFeedback.TWO_BIT_SYMBOLS) != 0;
    return Math.min(
        left, twoBits ? TransportFeedback.TWO_BIT_VECTOR : TransportFeedback.ONE_BIT_VECTOR);
  }

  /** A symbol's number is the length of its delta. */
  private int deltaBytes(int from, int count) {
    int bytes = 0;
    for (int i = from; i < from + count; i++) {
      bytes += symbols[i];
    }
    return bytes;
  }

  private void writeDeltas(MemorySegment target, long start, int count) {
    long position = start;
    for (int i = 0; i < count; i++) {
      if (symbols[i] == TransportFeedback.SMALL_DELTA) {
        Wire.putU8(target, position, deltas[i]);
      } else if (symbols[i] == TransportFeedback.LARGE_DELTA) {
        Wire.putU16(target, position, deltas[i]);
      }
      position += symbols[i];
    }
  }

  private static void writeHeader(
      MemorySegment target, long offset, int length, int senderSsrc, int mediaSsrc) {
    int first = RtcpCompound.VERSION << 6 | RtcpType.TRANSPORT_FEEDBACK_FORMAT;
    Wire.putU8(target, offset, first);
    Wire.putU8(target, offset + 1, RtcpType.RTPFB);
    Wire.putU16(target, offset + 2, length / 4 - 1);
    Wire.putU32(target, offset + 4, senderSsrc);
    Wire.putU32(target, offset + 8, mediaSsrc);
  }

  /** Duplicates and packets that came too late to be reported. */
  public long ignoredPackets() {
    return ignored;
  }
}
