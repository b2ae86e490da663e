package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.report.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.IntPredicate;

/**
 * Looks for how many receivers of one video a relay serves: half as many more each time as long as
 * it goes well, then between the last that did and the first that did not, to a tenth. It goes well
 * while less than one in a hundred packets is lost and half of them come within {@value
 * #LONGEST_MEDIAN_MILLIS} ms: a relay that cannot keep up queues for seconds before it loses any.
 */
final class Saturation {

  private static final int FIRST = 100;
  private static final int MOST = 3000;
  private static final int QUICK_FIRST = 10;
  private static final int QUICK_MOST = 30;
  private static final int PRECISION = 10;
  private static final double MOST_LOSS_PERCENT = 1;
  private static final int LONGEST_MEDIAN_MILLIS = 50;
  private static final Duration LENGTH = Duration.ofSeconds(3);

  /** What goes wrong once may be the machine's fault. */
  private static final int ATTEMPTS = 2;

  /** A client that has no rest is what loses packets. */
  private static final double BUSIEST_CLIENT_PERCENT = 90;

  private final MeetingHost host;
  private final LoadClient client;
  private final boolean quick;
  private double clientCpuPercent;

  Saturation(MeetingHost host, LoadClient client, boolean quick) {
    this.host = host;
    this.client = client;
    this.quick = quick;
  }

  /**
   * The most that went well, and how busy the client was then: where it was the limit, that is what
   * it could do.
   */
  int measure(Figures figures) {
    int receivers =
        Math.max(1, most(quick ? QUICK_FIRST : FIRST, quick ? QUICK_MOST : MOST, this::isServed));
    figures.add(RelayMetric.SATURATION, host.label(), receivers);
    figures.add(RelayMetric.CLIENT, host.label(), clientCpuPercent);
    return receivers;
  }

  /**
   * The highest number that is served, to a tenth of it, if each above one that is not is not
   * either; 0 when none is.
   */
  static int most(int first, int limit, IntPredicate isServed) {
    int good = 0;
    int bad = limit + 1;
    int next = Math.min(first, limit);
    while (bad - good > Math.max(1, good / PRECISION)) {
      if (isServed.test(next)) {
        good = next;
      } else {
        bad = next;
      }
      boolean isGrowing = bad > limit;
      next = isGrowing ? Math.min(Math.max(good * 3 / 2, good + 1), limit) : (good + bad) / 2;
    }
    return good;
  }

  private boolean isServed(int receivers) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (isServedOnce(receivers)) {
        return true;
      }
    }
    return false;
  }

  private boolean isServedOnce(int receivers) {
    try (MeetingHost.Joined joined = host.open(Meeting.oneToMany(receivers), client)) {
      Delivery delivery = client.run(joined.peers(), LENGTH, host.process());
      double busy = delivery.clientCpuPercent(LENGTH);
      if (busy > BUSIEST_CLIENT_PERCENT) {
        say(receivers, "the client is the limit");
        return false;
      }
      boolean isServed =
          delivery.lossPercent() < MOST_LOSS_PERCENT
              && delivery.latencyMicros(50) < 1000 * LONGEST_MEDIAN_MILLIS;
      if (isServed) {
        clientCpuPercent = busy;
      }
      return isServed;
    } catch (IllegalStateException | CompletionException e) {
      say(receivers, e.getMessage());
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void say(int receivers, String what) {
    System.err.println("With " + receivers + " receivers of " + host.label() + ": " + what + ".");
  }
}
