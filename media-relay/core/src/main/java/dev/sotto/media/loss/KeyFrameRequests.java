package dev.sotto.media.loss;

import java.util.Arrays;

/**
 * Merges the requests for key frames of one source (PLI, RFC 4585 section 6.3.1; FIR, RFC 5104
 * section 4.3.1; a join or a switch of layers) into few: throttled per source and per requester,
 * repeated until a key frame came. A request that comes too soon is put off, not dropped, since its
 * decoder stands still. Requesters are small numbers that the caller gives out.
 */
public final class KeyFrameRequests {
  /** What {@link #nanosUntilDue} says when nothing is pending. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final int NO_COMMAND = -1;

  private final KeyFrameSettings settings;
  private final boolean[] hasAsked;
  private final long[] allowedNanos;
  private final int[] lastCommand;
  private boolean pending;
  private long dueNanos;
  private int tries;
  private boolean hasSent;
  private long sentNanos;
  private int commandNumber;
  private long merged;
  private long givenUp;

  public KeyFrameRequests(KeyFrameSettings settings, int maxRequesters) {
    this.settings = settings;
    hasAsked = new boolean[maxRequesters];
    allowedNanos = new long[maxRequesters];
    lastCommand = new int[maxRequesters];
    Arrays.fill(lastCommand, NO_COMMAND);
  }

  /**
   * A requester needs a key frame.
   *
   * @param requester 0 to one less than the greatest number of requesters
   */
  public void request(int requester, long nowNanos) {
    long earliest = nowNanos;
    if (hasSent) {
      earliest = later(earliest, sentNanos + settings.sourceIntervalNanos());
    }
    if (hasAsked[requester]) {
      earliest = later(earliest, allowedNanos[requester]);
    }
    if (!pending) {
      pending = true;
      tries = 0;
      dueNanos = earliest;
      // RFC 5104 section 4.3.1.2: a new command has a new number, its repetitions keep it.
      commandNumber = (commandNumber + 1) & 0xff;
      allow(requester, earliest + settings.requesterIntervalNanos());
      return;
    }
    merged++;
    if (tries == 0 && earliest - dueNanos < 0) {
      dueNanos = earliest;
      allow(requester, earliest + settings.requesterIntervalNanos());
    } else if (!hasAsked[requester] || allowedNanos[requester] - nowNanos <= 0) {
      allow(requester, nowNanos + settings.requesterIntervalNanos());
    }
  }

  /**
   * A requester sent a FIR; one with the number of its last is a repetition and changes nothing.
   */
  public void requestByCommand(int requester, int number, long nowNanos) {
    if (lastCommand[requester] != number) {
      lastCommand[requester] = number;
      request(requester, nowNanos);
    }
  }

  private void allow(int requester, long atNanos) {
    hasAsked[requester] = true;
    allowedNanos[requester] = atNanos;
  }

  /** A key frame of the source began: it serves everybody who asked. */
  public void onKeyFrame() {
    pending = false;
  }

  /** Forgets a requester whose number is to be given to another. */
  public void forget(int requester) {
    hasAsked[requester] = false;
    lastCommand[requester] = NO_COMMAND;
  }

  /**
   * Whether the source is to be asked now; if so this counts as asking, and the same is due again
   * when no key frame comes.
   */
  public boolean poll(long nowNanos) {
    if (!pending || dueNanos - nowNanos > 0) {
      return false;
    }
    if (tries >= settings.maxTries()) {
      pending = false;
      givenUp++;
      return false;
    }
    tries++;
    hasSent = true;
    sentNanos = nowNanos;
    dueNanos = nowNanos + settings.retryNanos();
    return true;
  }

  /** Time until {@link #poll} has something to do: 0 when due, {@link #NEVER}. */
  public long nanosUntilDue(long nowNanos) {
    return pending ? Math.max(0, dueNanos - nowNanos) : NEVER;
  }

  /** The number for the FIR that {@link #poll} asked for, 0 to 255. */
  public int commandNumber() {
    return commandNumber;
  }

  public boolean isPending() {
    return pending;
  }

  /** Requests that needed none of their own. */
  public long mergedRequests() {
    return merged;
  }

  /** Key frames that never came. */
  public long givenUpRequests() {
    return givenUp;
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }
}
