package dev.sotto.media.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The parts of the estimator, each by itself. */
class EstimatorsTest {
  private static final long MS_MICROS = 1_000;
  private static final long MS_NANOS = 1_000_000;

  @Test
  void packets_sent_within_five_milliseconds_are_one_burst() {
    PacketGroups groups = new PacketGroups();

    assertThat(groups.add(0, 50 * MS_MICROS)).isFalse();
    assertThat(groups.add(4 * MS_MICROS, 54 * MS_MICROS)).isFalse();
    assertThat(groups.add(20 * MS_MICROS, 75 * MS_MICROS)).isFalse();
    assertThat(groups.add(40 * MS_MICROS, 100 * MS_MICROS)).isTrue();

    assertThat(groups.sentDeltaMicros()).isEqualTo(16 * MS_MICROS);
    assertThat(groups.arrivalDeltaMicros()).isEqualTo(21 * MS_MICROS);
  }

  @Test
  void a_jump_of_the_arrival_clock_starts_anew() {
    PacketGroups groups = new PacketGroups();
    groups.add(0, 0);
    groups.add(20 * MS_MICROS, 20 * MS_MICROS);
    assertThat(groups.add(40 * MS_MICROS, 100_000 * MS_MICROS)).isTrue();

    assertThat(groups.add(60 * MS_MICROS, 100_020 * MS_MICROS)).isFalse();
    assertThat(groups.add(80 * MS_MICROS, 100_040 * MS_MICROS)).isFalse();
    assertThat(groups.add(100 * MS_MICROS, 100_060 * MS_MICROS)).isTrue();
    assertThat(groups.arrivalDeltaMicros()).isEqualTo(20 * MS_MICROS);
  }

  @Test
  void a_delay_that_grows_is_overuse_and_one_that_falls_is_underuse() {
    assertThat(usageAfter(2)).isEqualTo(BandwidthUsage.OVERUSING);
    assertThat(usageAfter(0)).isEqualTo(BandwidthUsage.NORMAL);
    assertThat(usageAfter(-2)).isEqualTo(BandwidthUsage.UNDERUSING);
  }

  private static BandwidthUsage usageAfter(int growthMillis) {
    TrendlineEstimator trend = new TrendlineEstimator();
    OveruseDetector detector = new OveruseDetector();
    long arrival = 0;
    for (int i = 0; i < 60; i++) {
      long delta = (20L + (i < 25 ? 0 : growthMillis)) * MS_MICROS;
      arrival += delta;
      trend.add(20 * MS_MICROS, delta, arrival);
      detector.detect(trend, 20 * MS_MICROS, arrival);
    }
    return detector.usage();
  }

  @Test
  void the_acknowledged_rate_follows_what_arrives() {
    AcknowledgedRate rate = new AcknowledgedRate();
    long at = arrive(rate, 0, 1_000, 10, 3_000);
    assertThat(rate.bps()).isCloseTo(800_000, within(50_000.0));

    arrive(rate, at, 1_000, 40, 1_500);
    assertThat(rate.bps()).isCloseTo(200_000, within(60_000.0));
  }

  @Test
  void a_pause_does_not_lower_the_acknowledged_rate() {
    AcknowledgedRate rate = new AcknowledgedRate();
    long at = arrive(rate, 0, 1_000, 10, 3_000);
    arrive(rate, at + 30_000_000, 1_000, 10, 300);

    assertThat(rate.bps()).isCloseTo(800_000, within(80_000.0));
  }

  private static long arrive(
      AcknowledgedRate rate, long fromMicros, int bytes, int everyMillis, int forMillis) {
    long at = fromMicros;
    for (int i = 0; i < forMillis / everyMillis; i++) {
      rate.add(at, bytes);
      at += everyMillis * MS_MICROS;
    }
    return at;
  }

  @Test
  void the_queue_is_the_delay_above_the_least_one() {
    QueueDelay queue = new QueueDelay();
    for (int i = 0; i < 100; i++) {
      queue.add(i * 10L * MS_MICROS, (i * 10 + 1_000_000 + i % 3) * MS_MICROS);
    }
    assertThat(queue.seconds()).isZero();
    for (int i = 100; i < 130; i++) {
      queue.add(i * 10L * MS_MICROS, (i * 10 + 1_000_080 + i % 3) * MS_MICROS);
    }
    assertThat(queue.seconds()).isCloseTo(0.08, within(0.001));
  }

  @Test
  void an_arrival_clock_that_was_set_is_no_queue() {
    QueueDelay queue = new QueueDelay();
    queue.add(0, 1_000_000);
    queue.add(10 * MS_MICROS, 60_000_000);

    assertThat(queue.seconds()).isZero();
  }

  @Test
  void a_probe_that_comes_through_is_worth_its_own_rate() {
    assertThat(probe(10 * MS_MICROS, 10)).isCloseTo(960_000, within(1_000.0));
  }

  @Test
  void a_probe_that_fills_the_path_is_worth_a_little_less_than_arrived() {
    assertThat(probe(20 * MS_MICROS, 10)).isCloseTo(0.95 * 480_000, within(1_000.0));
  }

  @Test
  void a_probe_of_which_too_little_arrives_is_worth_nothing() {
    assertThat(probe(10 * MS_MICROS, 7)).isZero();
  }

  @Test
  void of_two_probes_in_one_feedback_the_faster_counts_and_an_unfinished_one_hides_none() {
    ProbeEstimator estimator = new ProbeEstimator();
    estimator.expect(1, 12_000, 10);
    estimator.expect(2, 24_000, 10);
    for (int i = 0; i < 10; i++) {
      estimator.add(1, i * 10L * MS_NANOS, i * 10L * MS_MICROS, 1_200);
    }
    estimator.add(2, 100 * MS_NANOS, 100 * MS_MICROS, 1_200);

    assertThat(estimator.take()).isCloseTo(960_000, within(1_000.0));
    assertThat(estimator.take()).isZero();
  }

  /** A cluster of 10 packets of 1200 bytes, one each 10 ms, of which some arrive. */
  private static double probe(long arrivalStepMicros, int arriving) {
    ProbeEstimator estimator = new ProbeEstimator();
    estimator.expect(3, 12_000, 10);
    for (int i = 0; i < arriving; i++) {
      estimator.add(3, i * 10L * MS_NANOS, i * arrivalStepMicros, 1_200);
    }
    return estimator.take();
  }

  @Test
  void what_is_sent_far_below_the_target_is_application_limited() {
    ApplicationLimit limit = new ApplicationLimit();
    limit.setTarget(1_000_000);
    send(limit, 0, 1_100);
    assertThat(limit.isLimited()).isFalse();
    send(limit, 5_000, 300);
    assertThat(limit.isLimited()).isTrue();
    send(limit, 10_000, 1_100);
    assertThat(limit.isLimited()).isFalse();
  }

  private static void send(ApplicationLimit limit, int fromMillis, int bytes) {
    for (int at = fromMillis; at < fromMillis + 5_000; at += 10) {
      limit.onSent(bytes, at * MS_NANOS);
    }
  }

  @Test
  void loss_that_the_rate_does_not_change_sets_no_bound() {
    assertThat(boundAfter(40, 0.08, Double.MAX_VALUE)).isEqualTo(LossBound.NONE);
  }

  @Test
  void loss_above_a_capacity_bounds_the_rate_near_it() {
    assertThat(boundAfter(40, 0, 500_000)).isBetween(400_000.0, 650_000.0);
  }

  /** The bound after windows at a rate that follows it, between 0.9 and 1.1 Mbit/s at first. */
  private static double boundAfter(int windows, double inherent, double capacityBps) {
    LossBound loss = new LossBound();
    AcknowledgedRate acknowledged = new AcknowledgedRate();
    double owed = 0;
    for (int window = 0; window < windows; window++) {
      double rate = Math.min(loss.bps(), 1_000_000) * (0.9 + 0.1 * (window % 3));
      double part = 1 - (1 - inherent) * Math.min(1, capacityBps / rate);
      int packets = (int) (rate * 0.25 / 8_000);
      for (int i = 0; i < packets; i++) {
        long sent = window * 250L * MS_NANOS + i * 250L * MS_NANOS / packets;
        owed += part;
        boolean lost = owed >= 1;
        if (lost) {
          owed -= 1;
        } else {
          acknowledged.add(sent / 1_000, 1_000);
        }
        loss.onPacket(sent, 1_000, lost);
      }
      loss.update((window + 1) * 250L * MS_NANOS, 1_000_000, acknowledged);
    }
    return loss.bps();
  }
}
