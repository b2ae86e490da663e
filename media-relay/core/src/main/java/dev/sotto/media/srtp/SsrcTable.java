package dev.sotto.media.srtp;

import java.util.function.IntFunction;

/**
 * State by SSRC: open addressing with linear probing, no boxing, never more than half full.
 * Bounded, and nothing is ever taken out: a forgotten SSRC's packets could be replayed, and its
 * vectors used again. What is asked for often costs one probe.
 */
final class SsrcTable<T> {
  private static final int FIRST_PLACES = 8;

  /** 2^32 divided by the golden ratio: spreads SSRCs that differ in few bits. */
  private static final int SPREAD = 0x9e3779b9;

  private final int most;
  private final IntFunction<T[]> array;
  private int[] ssrcs = new int[FIRST_PLACES];
  private boolean[] taken = new boolean[FIRST_PLACES];
  private T[] states;
  private int size;

  SsrcTable(int most, IntFunction<T[]> array) {
    this.most = most;
    this.array = array;
    states = array.apply(FIRST_PLACES);
  }

  /** Where the state of this SSRC is, until the next {@link #put}; negative when there is none. */
  int find(int ssrc) {
    int place = place(ssrc);
    return taken[place] ? place : -1;
  }

  T at(int place) {
    return states[place];
  }

  boolean isFull() {
    return size >= most;
  }

  int size() {
    return size;
  }

  /** Only while not {@link #isFull}, and only an SSRC that was not found. */
  void put(int ssrc, T state) {
    if (2 * (size + 1) > ssrcs.length) {
      grow();
    }
    size++;
    enter(ssrc, state);
  }

  private void enter(int ssrc, T state) {
    int place = place(ssrc);
    ssrcs[place] = ssrc;
    taken[place] = true;
    states[place] = state;
  }

  private int place(int ssrc) {
    int mask = ssrcs.length - 1;
    int hash = ssrc * SPREAD;
    int place = (hash ^ hash >>> 16) & mask;
    while (taken[place] && ssrcs[place] != ssrc) {
      place = place + 1 & mask;
    }
    return place;
  }

  private void grow() {
    int[] oldSsrcs = ssrcs;
    boolean[] oldTaken = taken;
    T[] oldStates = states;
    ssrcs = new int[2 * oldSsrcs.length];
    taken = new boolean[ssrcs.length];
    states = array.apply(ssrcs.length);
    for (int i = 0; i < oldSsrcs.length; i++) {
      if (oldTaken[i]) {
        enter(oldSsrcs[i], oldStates[i]);
      }
    }
  }
}
