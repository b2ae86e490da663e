package dev.sotto.media.rtcp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Reads transport-wide congestion feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01
 * section 3.1): packet chunks in all three forms and the deltas behind them. One instance serves
 * one peer: it unwraps the reference time, whose 24 bits last 12 days.
 *
 * <pre>
 * |     base sequence number      |      packet status count      |
 * |           reference time, 64 ms               | feedback count|
 * |   packet chunks, 16 bits each, then deltas of 250 us          |
 * </pre>
 */
public final class TransportFeedback {
  static final int BASE_OFFSET = 12;
  static final int STATUS_COUNT_OFFSET = 14;
  static final int REFERENCE_TIME_OFFSET = 16;
  static final int FEEDBACK_COUNT_OFFSET = 19;
  static final int CHUNKS_OFFSET = 20;
  static final int CHUNK_BYTES = 2;

  static final int NOT_RECEIVED = 0;
  static final int SMALL_DELTA = 1;
  static final int LARGE_DELTA = 2;

  static final int VECTOR_BIT = 0x8000;
  static final int TWO_BIT_SYMBOLS = 0x4000;
  static final int ONE_BIT_VECTOR = 14;
  static final int TWO_BIT_VECTOR = 7;
  static final int RUN_SYMBOL_SHIFT = 13;
  static final int MAX_RUN = 0x1fff;

  static final long TICK_MICROS = 250;
  static final int TICKS_PER_REFERENCE = 256;

  private static final int RESERVED = 3;

  private MemorySegment segment = MemorySegment.NULL;
  private long offset;
  private long end;
  private boolean hasReference;
  private long reference;

  /** The place while walking: the chunk read last and the symbol after the one taken last. */
  private long chunkOffset;

  private int chunk;
  private int symbolsLeft;

  /**
   * Hands every packet of the feedback to the sink.
   *
   * @return false, without a call of the sink, when the packet is something else, ends before its
   *     chunks or deltas do, or has a symbol that is not defined
   */
  public boolean read(RtcpCompound compound, TransportFeedbackSink sink) {
    segment = compound.segment();
    offset = compound.offset();
    end = offset + compound.length();
    if (compound.type() != RtcpType.TRANSPORT_FEEDBACK || compound.length() < CHUNKS_OFFSET) {
      return false;
    }
    int count = Wire.u16(segment, offset + STATUS_COUNT_OFFSET);
    long deltas = deltasOffset(count);
    if (count == 0 || deltas < 0) {
      return false;
    }
    long ticks = unwrapReference(Wire.u24(segment, offset + REFERENCE_TIME_OFFSET));
    ticks *= TICKS_PER_REFERENCE;
    int sequenceNumber = Wire.u16(segment, offset + BASE_OFFSET);
    startChunks();
    for (int i = 0; i < count; i++) {
      int symbol = nextSymbol();
      if (symbol == SMALL_DELTA) {
        ticks += Wire.u8(segment, deltas);
        deltas += 1;
      } else if (symbol == LARGE_DELTA) {
        ticks += (short) Wire.u16(segment, deltas);
        deltas += 2;
      }
      sink.onPacket(sequenceNumber, symbol != NOT_RECEIVED, ticks * TICK_MICROS);
      sequenceNumber = sequenceNumber + 1 & 0xffff;
    }
    return true;
  }

  /** Where the deltas start, or a negative number if they or the chunks are not all there. */
  private long deltasOffset(int count) {
    startChunks();
    long deltaBytes = 0;
    for (int i = 0; i < count; i++) {
      if (symbolsLeft == 0 && !hasChunk()) {
        return -1;
      }
      int symbol = nextSymbol();
      if (symbol == RESERVED) {
        return -1;
      }
      deltaBytes += symbol;
    }
    long deltas = chunkOffset + CHUNK_BYTES;
    return deltas + deltaBytes <= end ? deltas : -1;
  }

  private void startChunks() {
    chunkOffset = offset + CHUNKS_OFFSET - CHUNK_BYTES;
    symbolsLeft = 0;
  }

  /** Whether a chunk with at least one symbol comes next; skips empty runs. */
  private boolean hasChunk() {
    long next = chunkOffset + CHUNK_BYTES;
    while (next + CHUNK_BYTES <= end && symbolsOf(Wire.u16(segment, next)) == 0) {
      next += CHUNK_BYTES;
    }
    return next + CHUNK_BYTES <= end;
  }

  private int nextSymbol() {
    while (symbolsLeft == 0) {
      chunkOffset += CHUNK_BYTES;
      chunk = Wire.u16(segment, chunkOffset);
      symbolsLeft = symbolsOf(chunk);
    }
    symbolsLeft--;
    if ((chunk & VECTOR_BIT) == 0) {
      return chunk >>> RUN_SYMBOL_SHIFT;
    }
    return (chunk & TWO_BIT_SYMBOLS) == 0
        ? (chunk >>> symbolsLeft) & 1
        : (chunk >>> (2 * symbolsLeft)) & 3;
  }

  private static int symbolsOf(int chunk) {
    if ((chunk & VECTOR_BIT) == 0) {
      return chunk & MAX_RUN;
    }
    return (chunk & TWO_BIT_SYMBOLS) == 0 ? ONE_BIT_VECTOR : TWO_BIT_VECTOR;
  }

  private long unwrapReference(int time) {
    if (!hasReference) {
      hasReference = true;
      reference = time;
    } else {
      // Signed distance of 24 bits: feedback may be reordered.
      reference += (time - (int) reference) << 8 >> 8;
    }
    return reference;
  }

  public int senderSsrc() {
    return Wire.i32(segment, offset + 4);
  }

  public int mediaSsrc() {
    return Wire.i32(segment, offset + 8);
  }

  /** Counts the feedback packets of the peer, 0 to 255: a gap shows that some were lost. */
  public int feedbackCount() {
    return Wire.u8(segment, offset + FEEDBACK_COUNT_OFFSET);
  }
}
