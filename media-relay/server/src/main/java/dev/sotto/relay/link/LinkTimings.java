package dev.sotto.relay.link;

import java.time.Duration;

/**
 * When a link gives up, asks and tells.
 *
 * @param connectTimeout for TCP to one address
 * @param replyTimeout for each step of the login, and for the end of a stream
 * @param pingAfter silence of the server after which it is pinged (XEP-0199)
 * @param pingTimeout silence after a ping that ends the link
 * @param announceAtMostEvery between two announcements, whatever changes
 * @param announceAtLeastEvery between two announcements when nothing changes, for a focus that came
 *     later
 * @param firstRetry the longest first wait; each further one is up to twice as long
 * @param lastRetry the longest wait of all, and how long a link must have stood to be counted as
 *     well
 */
public record LinkTimings(
    Duration connectTimeout,
    Duration replyTimeout,
    Duration pingAfter,
    Duration pingTimeout,
    Duration announceAtMostEvery,
    Duration announceAtLeastEvery,
    Duration firstRetry,
    Duration lastRetry) {

  /**
   * A dead server is noticed within 20 s; one that restarts is found again within half a minute. A
   * ping every 10 s also keeps the path through NATs open.
   */
  public static final LinkTimings DEFAULT =
      new LinkTimings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(15),
          Duration.ofMillis(500),
          Duration.ofSeconds(30));

  public LinkTimings {
    for (Duration each :
        new Duration[] {
          connectTimeout,
          replyTimeout,
          pingAfter,
          pingTimeout,
          announceAtMostEvery,
          announceAtLeastEvery,
          firstRetry,
          lastRetry
        }) {
      if (each.isNegative() || each.toMillis() == 0) {
        throw new IllegalArgumentException("a time of the link is shorter than 1 ms: " + each);
      }
    }
  }
}
