package dev.sotto.media.loss;

import dev.sotto.media.rtcp.RtcpWriter;
import dev.sotto.media.rtp.SequenceUnwrapper;
import java.util.Arrays;

/**
 * Finds the gaps in the sequence numbers of one source and asks for what is missing (RFC 4585
 * section 6.2.1): first after a time for reordering, then every round trip, until it came, was
 * asked for too often or is too old. Bounded by a window of 1024 packets; a jump beyond half of it
 * starts anew, as do two numbers in a row from behind it.
 */
public final class NackGenerator {
  /** 2 s of 4 Mbps. */
  static final int WINDOW_PACKETS = 1024;

  /** A longer gap is an outage or a restart: a key frame mends it sooner than 512 packets would. */
  static final int MAX_GAP = WINDOW_PACKETS / 2;

  /** What {@link #nanosUntilDue} says when nothing is missing. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Taken while the round trip time is not known. */
  static final long DEFAULT_ROUND_TRIP_NANOS = 100_000_000L;

  private static final int MASK = WINDOW_PACKETS - 1;
  private static final long NO_NUMBER = Long.MIN_VALUE;

  private final NackSettings settings;
  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private final boolean[] missing = new boolean[WINDOW_PACKETS];
  private final byte[] tries = new byte[WINDOW_PACKETS];
  private final long[] missedNanos = new long[WINDOW_PACKETS];
  private final long[] dueNanos = new long[WINDOW_PACKETS];

  /** No number below this one is missing. */
  private long oldest;

  private int missingCount;
  private long confirmingNumber = NO_NUMBER;
  private long nextDueNanos;
  private long recovered;
  private long givenUp;

  public NackGenerator(NackSettings settings) {
    this.settings = settings;
  }

  /** Takes the number of a packet that came by itself. */
  public void onPacket(int sequenceNumber, long nowNanos) {
    if (!unwrapper.isStarted()) {
      oldest = unwrapper.unwrap(sequenceNumber) + 1;
      return;
    }
    long highest = unwrapper.highest();
    long number = unwrapper.extend(sequenceNumber);
    if (number > highest) {
      unwrapper.unwrap(sequenceNumber);
      confirmingNumber = NO_NUMBER;
      if (number - highest > MAX_GAP) {
        abandon(number);
      } else {
        openGap(highest + 1, number, nowNanos);
      }
    } else if (highest - number < WINDOW_PACKETS) {
      close(number);
    } else if (number == confirmingNumber) {
      abandon(number);
      unwrapper.reset();
      oldest = unwrapper.unwrap(sequenceNumber) + 1;
      confirmingNumber = NO_NUMBER;
    } else {
      confirmingNumber = number + 1;
    }
  }

  /** Takes the number of a packet that came by RTX; it cannot open a gap. */
  public void onRecovered(int sequenceNumber) {
    long number = unwrapper.extend(sequenceNumber);
    if (unwrapper.isStarted() && unwrapper.highest() - number < WINDOW_PACKETS) {
      close(number);
    }
  }

  private void openGap(long from, long to, long nowNanos) {
    if (missingCount == 0) {
      oldest = from;
    }
    // Places are used again by numbers a window later; what still misses there is too old.
    for (; oldest <= to - WINDOW_PACKETS; oldest++) {
      giveUp(slot(oldest));
    }
    for (long number = from; number < to; number++) {
      int slot = slot(number);
      missing[slot] = true;
      tries[slot] = 0;
      missedNanos[slot] = nowNanos;
      dueNanos[slot] = nowNanos + settings.reorderNanos();
      if (missingCount++ == 0 || dueNanos[slot] - nextDueNanos < 0) {
        nextDueNanos = dueNanos[slot];
      }
    }
  }

  private void close(long number) {
    int slot = slot(number);
    if (number >= oldest && number <= unwrapper.highest() && missing[slot]) {
      missing[slot] = false;
      missingCount--;
      recovered++;
    }
  }

  private void giveUp(int slot) {
    if (missing[slot]) {
      missing[slot] = false;
      missingCount--;
      givenUp++;
    }
  }

  private void abandon(long next) {
    givenUp += missingCount;
    missingCount = 0;
    Arrays.fill(missing, false);
    oldest = next + 1;
  }

  /** Time until something should be asked for: 0 when due, {@link #NEVER} if nothing is missing. */
  public long nanosUntilDue(long nowNanos) {
    return missingCount == 0 ? NEVER : Math.max(0, nextDueNanos - nowNanos);
  }

  /**
   * Asks for all that is due and gives up what is hopeless. What finds no room stays due.
   *
   * @param roundTripNanos to the source, 0 or less if not known
   * @return how many packets were asked for
   */
  public int write(
      RtcpWriter writer, int senderSsrc, int mediaSsrc, long nowNanos, long roundTripNanos) {
    if (missingCount == 0 || nextDueNanos - nowNanos > 0) {
      return 0;
    }
    long roundTrip = roundTripNanos > 0 ? roundTripNanos : DEFAULT_ROUND_TRIP_NANOS;
    long interval = Math.clamp(roundTrip, settings.minIntervalNanos(), settings.maxIntervalNanos());
    int asked = 0;
    int left = missingCount;
    boolean room = true;
    long earliest = nowNanos + settings.maxIntervalNanos();
    for (long number = oldest; left > 0; number++) {
      int slot = slot(number);
      if (!missing[slot]) {
        oldest += number == oldest ? 1 : 0;
        continue;
      }
      left--;
      if (dueNanos[slot] - nowNanos <= 0) {
        if (tries[slot] >= settings.maxTries()
            || nowNanos - missedNanos[slot] >= settings.maxAgeNanos()) {
          giveUp(slot);
          continue;
        }
        room = room && writer.nack(senderSsrc, mediaSsrc, (int) number & 0xffff);
        if (room) {
          tries[slot]++;
          dueNanos[slot] = nowNanos + interval;
          asked++;
        }
      }
      if (dueNanos[slot] - earliest < 0) {
        earliest = dueNanos[slot];
      }
    }
    nextDueNanos = earliest;
    return asked;
  }

  private static int slot(long number) {
    return (int) number & MASK;
  }

  /** Packets that are missing and not given up. */
  public int missingPackets() {
    return missingCount;
  }

  /** Packets that came after they had been missed. */
  public long recoveredPackets() {
    return recovered;
  }

  /** Packets that never came: whoever needs them needs a key frame. */
  public long givenUpPackets() {
    return givenUp;
  }
}
