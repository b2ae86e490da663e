package dev.sotto.media.speaker;

/**
 * Who holds the floor of a conference: another one takes it who has been more active than the
 * present one just now and over the last tenths of a second, and at all over the last second, so
 * coughs and single words do not. Decides each 300 ms when the owner lets time go on. The decisions
 * are those of jitsi-utils' DominantSpeakerIdentification for the same levels; that class needs an
 * executor and a lock and allocates for each level.
 */
public final class DominantSpeaker {
  /** No speaker. */
  public static final int NOBODY = -1;

  private static final long MILLI = 1_000_000L;
  private static final long DECISION_NANOS = 300 * MILLI;

  /** Longer than the usual packets of 20 and 30 ms: then a frame has not come. */
  private static final long IDLE_NANOS = 40 * MILLI;

  /** How much more active a challenger must be over each span, as a logarithm of the ratio. */
  private static final double IMMEDIATE_LEAD = 3;

  private static final double MEDIUM_LEAD = 2;
  private static final double LONG_LEAD = 0;

  private final SpeechActivity[] activities;
  private final boolean[] present;
  private final long[] lastLevelNanos;
  private int dominant = NOBODY;
  private boolean begun;
  private long lastIdleNanos;
  private long lastDecisionNanos;

  /** For speakers 0 to below the capacity. */
  public DominantSpeaker(int capacity) {
    activities = new SpeechActivity[capacity];
    present = new boolean[capacity];
    lastLevelNanos = new long[capacity];
    for (int speaker = 0; speaker < capacity; speaker++) {
      activities[speaker] = new SpeechActivity();
    }
  }

  /** Joins without a past, whoever had the number before. */
  public void add(int speaker, long nowNanos) {
    activities[speaker].clear();
    present[speaker] = true;
    lastLevelNanos[speaker] = nowNanos;
  }

  /** The floor is free when it was the dominant one. */
  public void remove(int speaker) {
    present[speaker] = false;
    if (dominant == speaker) {
      dominant = NOBODY;
    }
  }

  /**
   * A level of RFC 6464 from a packet: 0 is the loudest, 127 silence. Packets without a level are
   * not told of: whose level is not known never takes the floor from another.
   */
  public void onLevel(int speaker, int level, long nowNanos) {
    if (present[speaker]) {
      lastLevelNanos[speaker] = nowNanos;
      activities[speaker].add(127 - Math.clamp(level, 0, 127));
    }
  }

  /** Lets time go on; called each 20 ms or so. Returns whether another one is dominant now. */
  public boolean advance(long nowNanos) {
    if (!begun) {
      begun = true;
      lastIdleNanos = nowNanos;
      lastDecisionNanos = nowNanos;
      return decide();
    }
    if (nowNanos - lastIdleNanos >= IDLE_NANOS) {
      lastIdleNanos = nowNanos;
      addMissingFrames(nowNanos);
    }
    if (nowNanos - lastDecisionNanos >= DECISION_NANOS) {
      lastDecisionNanos = nowNanos;
      return decide();
    }
    return false;
  }

  public int dominant() {
    return dominant;
  }

  private void addMissingFrames(long nowNanos) {
    for (int speaker = 0; speaker < present.length; speaker++) {
      if (present[speaker] && nowNanos - lastLevelNanos[speaker] > IDLE_NANOS) {
        activities[speaker].add(0);
      }
    }
  }

  private boolean decide() {
    int holder = dominant == NOBODY ? first() : dominant;
    if (holder == NOBODY) {
      return false;
    }
    int winner = holder;
    double mostAhead = MEDIUM_LEAD;
    for (int speaker = 0; speaker < present.length; speaker++) {
      if (!present[speaker] || speaker == holder) {
        continue;
      }
      double ahead = lead(speaker, holder, SpeechActivity.MEDIUM);
      if (ahead > mostAhead
          && lead(speaker, holder, SpeechActivity.IMMEDIATE) > IMMEDIATE_LEAD
          && lead(speaker, holder, SpeechActivity.LONG) > LONG_LEAD) {
        mostAhead = ahead;
        winner = speaker;
      }
    }
    boolean changed = winner != dominant;
    dominant = winner;
    return changed;
  }

  private int first() {
    for (int speaker = 0; speaker < present.length; speaker++) {
      if (present[speaker]) {
        return speaker;
      }
    }
    return NOBODY;
  }

  private double lead(int speaker, int holder, int span) {
    return Math.log(activities[speaker].score(span) / activities[holder].score(span));
  }
}
