package dev.sotto.media.speaker;

import java.util.Arrays;

/**
 * Who is heard: the speakers that have the audio slots of a conference. A free slot goes to the
 * first one that makes a sound, so no word is lost; a taken one goes to a speaker who is active
 * only from one who has fallen silent, or from one who has been much quieter for some time. Who
 * sends digital silence or nothing has no slot, and its packets go nowhere.
 */
public final class LoudestSpeakers {
  /** No speaker and no slot. */
  public static final int NOBODY = DominantSpeaker.NOBODY;

  private static final long MILLI = 1_000_000L;

  /** Below -60 dBov there is background only: microphones of browsers with gain control. */
  private static final int ACTIVE_LOUDNESS = 127 - 60;

  /** A breath between sentences. A slot is kept through it, and the speaker shown as active. */
  private static final long PAUSE_NANOS = 1000 * MILLI;

  /** Without a sound for so long a slot is free: muted, or gone. */
  private static final long MUTED_NANOS = 2000 * MILLI;

  /** A difference that is heard as about half as loud again, for longer than a syllable. */
  private static final int LOUDER = 6;

  private static final long LOUDER_NANOS = 300 * MILLI;

  /** How loud one is who has just begun is known after some packets; so long it is not outdone. */
  private static final long SETTLING_NANOS = 500 * MILLI;

  private final int[] occupants;
  private final long[] takenNanos;
  private final int[] slots;

  /** Loudness of speech in 256ths, smoothed over about eight packets; pauses leave it. */
  private final int[] smoothed;

  private final long[] lastSoundNanos;
  private final boolean[] hasSpoken;
  private final long[] lastActiveNanos;
  private final boolean[] isLouder;
  private final long[] louderSinceNanos;

  /** For speakers 0 to below the capacity. */
  public LoudestSpeakers(int slotCount, int capacity) {
    occupants = new int[slotCount];
    takenNanos = new long[slotCount];
    slots = new int[capacity];
    smoothed = new int[capacity];
    lastSoundNanos = new long[capacity];
    hasSpoken = new boolean[capacity];
    lastActiveNanos = new long[capacity];
    isLouder = new boolean[capacity];
    louderSinceNanos = new long[capacity];
    Arrays.fill(occupants, NOBODY);
    Arrays.fill(slots, NOBODY);
    Arrays.fill(smoothed, ACTIVE_LOUDNESS << 8);
  }

  /**
   * Forgets a speaker: muted by the server, or gone. Its slot is free; the next level would make it
   * a speaker again.
   */
  public void remove(int speaker) {
    if (slots[speaker] != NOBODY) {
      free(slots[speaker]);
    }
    smoothed[speaker] = ACTIVE_LOUDNESS << 8;
    hasSpoken[speaker] = false;
    isLouder[speaker] = false;
  }

  /**
   * A level of RFC 6464 from a packet: 0 is the loudest, 127 silence. Returns the slot that the
   * packet goes out in, or {@link #NOBODY}. What a packet without a level counts as is the caller's
   * to say.
   */
  public int onLevel(int speaker, int level, long nowNanos) {
    int loudness = 127 - Math.clamp(level, 0, 127);
    if (loudness > 0) {
      lastSoundNanos[speaker] = nowNanos;
    }
    if (loudness >= ACTIVE_LOUDNESS) {
      isLouder[speaker] &= isActive(speaker, nowNanos);
      hasSpoken[speaker] = true;
      smoothed[speaker] += ((loudness << 8) - smoothed[speaker]) >> 3;
      lastActiveNanos[speaker] = nowNanos;
    }
    if (slots[speaker] == NOBODY && loudness > 0) {
      seek(speaker, nowNanos);
    }
    return slots[speaker];
  }

  private void seek(int speaker, long nowNanos) {
    int slot = weakest(nowNanos);
    if (slot == NOBODY) {
      return;
    }
    int occupant = occupants[slot];
    if (occupant == NOBODY || nowNanos - lastSoundNanos[occupant] > MUTED_NANOS) {
      take(slot, speaker, nowNanos);
    } else if (!isActive(speaker, nowNanos)) {
      isLouder[speaker] = false;
    } else if (!isActive(occupant, nowNanos)) {
      take(slot, speaker, nowNanos);
    } else if (nowNanos - takenNanos[slot] < SETTLING_NANOS
        || smoothed[speaker] - smoothed[occupant] < LOUDER << 8) {
      isLouder[speaker] = false;
    } else if (!isLouder[speaker]) {
      isLouder[speaker] = true;
      louderSinceNanos[speaker] = nowNanos;
    } else if (nowNanos - louderSinceNanos[speaker] >= LOUDER_NANOS) {
      take(slot, speaker, nowNanos);
    }
  }

  /** A free slot, or that of who has been silent longest, or that of the quietest one. */
  private int weakest(long nowNanos) {
    int weakest = NOBODY;
    for (int slot = 0; slot < occupants.length; slot++) {
      if (occupants[slot] == NOBODY) {
        return slot;
      }
      if (weakest == NOBODY || isWeaker(occupants[slot], occupants[weakest], nowNanos)) {
        weakest = slot;
      }
    }
    return weakest;
  }

  private boolean isWeaker(int one, int other, long nowNanos) {
    boolean oneActive = isActive(one, nowNanos);
    if (oneActive != isActive(other, nowNanos)) {
      return !oneActive;
    }
    if (oneActive) {
      return smoothed[one] < smoothed[other];
    }
    if (hasSpoken[one] != hasSpoken[other]) {
      return hasSpoken[other];
    }
    return lastActiveNanos[one] - lastActiveNanos[other] < 0;
  }

  private void take(int slot, int speaker, long nowNanos) {
    if (occupants[slot] != NOBODY) {
      free(slot);
    }
    occupants[slot] = speaker;
    takenNanos[slot] = nowNanos;
    slots[speaker] = slot;
    isLouder[speaker] = false;
  }

  private void free(int slot) {
    slots[occupants[slot]] = NOBODY;
    occupants[slot] = NOBODY;
  }

  /** Lets time go on: frees the slots of who has gone silent. Returns whether one was freed. */
  public boolean advance(long nowNanos) {
    boolean freed = false;
    for (int slot = 0; slot < occupants.length; slot++) {
      if (occupants[slot] != NOBODY && nowNanos - lastSoundNanos[occupants[slot]] > MUTED_NANOS) {
        free(slot);
        freed = true;
      }
    }
    return freed;
  }

  /** Whether a speaker speaks, or has just paused. */
  public boolean isActive(int speaker, long nowNanos) {
    return hasSpoken[speaker] && nowNanos - lastActiveNanos[speaker] <= PAUSE_NANOS;
  }

  /** The speaker in a slot, or {@link #NOBODY}. */
  public int occupant(int slot) {
    return occupants[slot];
  }

  /** The slot of a speaker, or {@link #NOBODY}. */
  public int slot(int speaker) {
    return slots[speaker];
  }
}
