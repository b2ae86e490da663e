package dev.sotto.e2e;

import java.time.Duration;

/**
 * What one direction of a path does to datagrams.
 *
 * @param rateBps of UDP payload and IP headers, bits a second
 * @param queue how long a datagram may wait for its turn; what would wait longer is dropped
 * @param loss share of datagrams that get lost by chance, 0 to 1
 * @param delay that every datagram has
 * @param jitter what is added at most, evenly spread; order is kept
 */
record LinkConditions(long rateBps, Duration queue, double loss, Duration delay, Duration jitter) {

  /** A path that only passes on. */
  static final LinkConditions CLEAR =
      new LinkConditions(Long.MAX_VALUE, Duration.ofSeconds(1), 0, Duration.ZERO, Duration.ZERO);

  LinkConditions {
    if (rateBps <= 0
        || queue.isNegative()
        || loss < 0
        || loss > 1
        || delay.isNegative()
        || jitter.isNegative()) {
      throw new IllegalArgumentException("no link is like that");
    }
  }

  LinkConditions withRate(long newRateBps, Duration newQueue) {
    return new LinkConditions(newRateBps, newQueue, loss, delay, jitter);
  }

  LinkConditions withLoss(double newLoss) {
    return new LinkConditions(rateBps, queue, newLoss, delay, jitter);
  }

  LinkConditions withDelay(Duration newDelay, Duration newJitter) {
    return new LinkConditions(rateBps, queue, loss, newDelay, newJitter);
  }
}
