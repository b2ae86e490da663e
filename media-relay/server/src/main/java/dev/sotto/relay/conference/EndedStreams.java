package dev.sotto.relay.conference;

import java.util.random.RandomGenerator;

/**
 * Where the numbers of one receiver's streams end that there were, so that one whose SSRC comes
 * back goes on behind them: SRTP takes a number that is behind for a replay, and no number may
 * serve two packets. Bounded by more SSRCs than SRTP takes under one key.
 */
final class EndedStreams {
  private static final int MOST = 256;

  private final SsrcMap<SlotStream.Numbers> numbers = new SsrcMap<>();

  void remember(SlotStream stream) {
    if (numbers.size() < MOST) {
      numbers.put(stream.ssrc(), stream.nextNumbers());
    }
  }

  /** Where a stream of this SSRC is to begin; random unless there was one. */
  SlotStream.Numbers numbersFor(int ssrc, RandomGenerator random) {
    SlotStream.Numbers next = numbers.find(ssrc, null);
    numbers.remove(ssrc);
    return next == null ? SlotStream.Numbers.random(random) : next;
  }
}
