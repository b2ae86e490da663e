package dev.sotto.benchmarks.relay;

import java.io.IOException;
import java.time.Duration;

/**
 * Looks for how many receivers of one video a relay serves before it loses packets: half as many
 * more each time, as long as it goes well.
 */
final class Saturation {

  private static final int FIRST = 100;
  private static final int MOST = 3000;
  private static final double MOST_LOSS_PERCENT = 1;
  private static final Duration LENGTH = Duration.ofSeconds(3);

  /** A client that has no rest is what loses packets. */
  private static final double BUSIEST_CLIENT = 0.9;

  private final MeetingHost host;
  private final LoadClient client;

  Saturation(MeetingHost host, LoadClient client) {
    this.host = host;
    this.client = client;
  }

  /** The most that went well; where the client was the limit, what it could do. */
  int receivers() throws IOException {
    int good = 0;
    int next = FIRST;
    while (next <= MOST && isServed(next)) {
      good = next;
      next = next * 3 / 2;
    }
    return Math.max(1, good);
  }

  private boolean isServed(int receivers) throws IOException {
    try (MeetingHost.Joined joined = host.open(Meeting.oneToMany(receivers), client)) {
      Delivery delivery = client.run(joined.peers(), LENGTH, host.process());
      boolean clientHasRest = delivery.clientCpuSeconds() < BUSIEST_CLIENT * LENGTH.toSeconds();
      if (!clientHasRest) {
        System.err.println(
            "With " + receivers + " receivers of " + host.label() + " the client is the limit.");
      }
      return delivery.lossPercent() < MOST_LOSS_PERCENT && clientHasRest;
    }
  }
}
