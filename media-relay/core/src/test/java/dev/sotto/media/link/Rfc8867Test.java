package dev.sotto.media.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Cases of RFC 8867, section 5, with 50 ms one way, a drop-tail queue of 300 ms, jitter of up to 30
 * ms and no loss where none is named, and three cases more. Each runs with several seeds, and
 * bounds hold for all of them. "Steady" is from ten seconds after each change of capacity. The
 * table is written to {@code target/rfc8867.md}.
 */
@DisplayName("Congestion control on changing, shared and lossy paths")
class Rfc8867Test {
  /** Other seeds than those with which the estimator's constants were chosen. */
  private static final long FIRST_SEED = 201;

  private static final long LAST_SEED = 220;
  private static final Link.Properties PATH = Link.Properties.RFC_8867;

  private static final String STEADY = "utilisation, steady";
  private static final String OVERALL = "utilisation, all";
  private static final String TAKEN = "utilisation, from 5 s into the pause";
  private static final String ARRIVING = "utilisation of what is not lost, steady";
  private static final String DELAY = "queue delay p95, ms";
  private static final String FILL = "seconds to 85 % after a rise";
  private static final String DRAIN = "seconds to a queue under 100 ms after a fall";
  private static final String LEAST_SHARE = "least share of the mean";
  private static final String MOST_SHARE = "most share of the mean";

  @AfterAll
  static void writeTable() {
    Outcomes.write(Path.of("target", "rfc8867.md"));
  }

  @Test
  void section_5_1_a_flow_follows_a_capacity_that_changes() {
    Outcomes outcomes = new Outcomes("5.1 variable capacity, one flow");
    CapacityTrace trace = CapacityTrace.of(0, 1e6, 40, 2.5e6, 60, 0.6e6, 80, 1e6);
    for (long seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
      TestBed bed = new TestBed(trace, PATH, seed);
      bed.flow(0);
      bed.runUntil(100);
      steady(outcomes, bed, 0, 40, 60, 80, 100);
      outcomes.add(OVERALL, bed.utilisation(0, 100));
      outcomes.add(DELAY, bed.queueDelayP95Millis(0, 100));
      outcomes.add(FILL, bed.secondsToFill(0.85, 0, 40));
      outcomes.add(FILL, bed.secondsToFill(0.85, 40, 60));
      outcomes.add(FILL, bed.secondsToFill(0.85, 80, 100));
      outcomes.add(DRAIN, bed.secondsToDrain(100, 60, 80));
    }
    outcomes.report();
    assertUsed(outcomes, STEADY, 0.85);
    assertShortQueue(outcomes);
    assertQuick(outcomes, 8, 3);
  }

  @Test
  void section_5_2_two_flows_follow_a_capacity_that_changes() {
    Outcomes outcomes = new Outcomes("5.2 variable capacity, two flows");
    CapacityTrace trace = CapacityTrace.of(0, 4e6, 25, 2e6, 50, 3.5e6, 75, 1e6, 100, 2e6);
    for (long seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
      TestBed bed = new TestBed(trace, PATH, seed);
      MediaFlow first = bed.flow(0);
      MediaFlow second = bed.flow(0);
      bed.runUntil(125);
      steady(outcomes, bed, 0, 25, 50, 75, 100, 125);
      outcomes.add(OVERALL, bed.utilisation(0, 125));
      outcomes.add(DELAY, bed.queueDelayP95Millis(0, 125));
      outcomes.add(FILL, bed.secondsToFill(0.85, 50, 75));
      outcomes.add(FILL, bed.secondsToFill(0.85, 100, 125));
      outcomes.add(DRAIN, bed.secondsToDrain(100, 25, 50));
      outcomes.add(DRAIN, bed.secondsToDrain(100, 75, 100));
      shares(outcomes, TestBed.shares(10, 125, first, second));
    }
    outcomes.report();
    assertUsed(outcomes, STEADY, 0.85);
    assertShortQueue(outcomes);
    assertQuick(outcomes, 8, 3);
    assertFair(outcomes);
  }

  @Test
  void section_5_3_feedback_that_shares_a_full_link_still_controls() {
    Outcomes outcomes = new Outcomes("5.3 congested feedback link, forward");
    Outcomes backwards = new Outcomes("5.3 congested feedback link, backward");
    CapacityTrace forward = CapacityTrace.of(0, 2e6, 20, 1e6, 40, 0.5e6, 60, 2e6);
    CapacityTrace backward = CapacityTrace.of(0, 2e6, 35, 0.8e6, 70, 2e6);
    for (long seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
      TestBed bed = new TestBed(forward, backward, PATH, seed);
      bed.flow(0);
      bed.backwardFlow(0);
      bed.runUntil(100);
      steady(outcomes, bed, 0, 20, 40, 60, 100);
      outcomes.add(OVERALL, bed.utilisation(0, 100));
      outcomes.add(DELAY, bed.queueDelayP95Millis(0, 100));
      outcomes.add(FILL, bed.secondsToFill(0.85, 60, 100));
      outcomes.add(DRAIN, bed.secondsToDrain(100, 20, 40));
      outcomes.add(DRAIN, bed.secondsToDrain(100, 40, 60));
      backwards.add(OVERALL, bed.backwardUtilisation(0, 100));
      backwards.add(DELAY, bed.backwardQueueDelayP95Millis(0, 100));
    }
    outcomes.report();
    backwards.report();
    assertUsed(outcomes, STEADY, 0.85);
    assertUsed(backwards, OVERALL, 0.83);
    assertShortQueue(outcomes);
    assertShortQueue(backwards);
    assertQuick(outcomes, 9, 3);
  }

  @Test
  void section_5_4_flows_that_join_get_equal_shares() {
    Outcomes outcomes = new Outcomes("5.4 three flows, joining");
    for (long seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
      TestBed bed = new TestBed(CapacityTrace.of(0, 3.5e6), PATH, seed);
      MediaFlow first = bed.flow(0);
      MediaFlow second = bed.flow(20);
      MediaFlow third = bed.flow(40);
      bed.runUntil(120);
      outcomes.add(STEADY, bed.utilisation(10, 120));
      outcomes.add(DELAY, bed.queueDelayP95Millis(0, 120));
      shares(outcomes, TestBed.shares(60, 119, first, second, third));
    }
    outcomes.report();
    assertUsed(outcomes, STEADY, 0.87);
    assertShortQueue(outcomes);
    assertFair(outcomes);
  }

  @Test
  void section_5_8_what_a_paused_flow_leaves_is_used_and_given_back() {
    Outcomes outcomes = new Outcomes("5.8 three flows, one pauses");
    for (long seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
      TestBed bed = new TestBed(CapacityTrace.of(0, 3.5e6), PATH, seed);
      MediaFlow first = bed.flow(0);
      MediaFlow paused = bed.flow(0);
      MediaFlow third = bed.flow(0);
      paused.pauseAt(40);
      paused.startAt(60);
      bed.runUntil(120);
      outcomes.add(STEADY, bed.utilisation(10, 120));
      outcomes.add(TAKEN, bed.utilisation(45, 60));
      outcomes.add(DELAY, bed.queueDelayP95Millis(0, 120));
      shares(outcomes, TestBed.shares(75, 119, first, paused, third));
    }
    outcomes.report();
    assertUsed(outcomes, STEADY, 0.87);
    assertUsed(outcomes, TAKEN, 0.85);
    assertShortQueue(outcomes);
    assertFair(outcomes);
  }

  @Test
  void bursts_of_loss_do_not_lower_the_rate() {
    Outcomes outcomes = lossy("loss bursts of 8 packets, 2.4 %", PATH.withBursts(0.003, 8), 0.976);
    outcomes.report();
    assertUsed(outcomes, ARRIVING, 0.83);
    assertShortQueue(outcomes);
  }

  @Test
  void random_loss_of_ten_percent_at_200_ms_round_trip_does_not_lower_the_rate() {
    Outcomes outcomes =
        lossy("10 % random loss, 200 ms round trip", PATH.withLoss(0.1).withDelay(0.1), 0.9);
    outcomes.report();
    assertUsed(outcomes, ARRIVING, 0.79);
    assertShortQueue(outcomes);
  }

  private static Outcomes lossy(String name, Link.Properties path, double arrivingPart) {
    Outcomes outcomes = new Outcomes(name);
    for (long seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
      TestBed bed = new TestBed(CapacityTrace.of(0, 2e6), path, seed);
      bed.flow(0);
      bed.runUntil(60);
      outcomes.add(ARRIVING, bed.utilisation(10, 60) / arrivingPart);
      outcomes.add(DELAY, bed.queueDelayP95Millis(0, 60));
    }
    return outcomes;
  }

  @Test
  void a_dip_to_250_kbps_is_followed_down_and_up() {
    Outcomes outcomes = new Outcomes("dip from 2 Mbit/s to 250 kbit/s");
    CapacityTrace trace = CapacityTrace.of(0, 2e6, 20, 0.25e6, 40, 2e6);
    for (long seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
      TestBed bed = new TestBed(trace, PATH, seed);
      bed.flow(0);
      bed.runUntil(60);
      steady(outcomes, bed, 0, 20, 40, 60);
      outcomes.add(DELAY, bed.queueDelayP95Millis(0, 60));
      outcomes.add(FILL, bed.secondsToFill(0.85, 40, 60));
      outcomes.add(DRAIN, bed.secondsToDrain(100, 20, 40));
    }
    outcomes.report();
    assertUsed(outcomes, STEADY, 0.85);
    assertShortQueue(outcomes);
    assertQuick(outcomes, 9, 3);
  }

  @Test
  void feedback_every_100_ms_does_as_well() {
    Outcomes outcomes = new Outcomes("feedback every 100 ms, 1 Mbit/s");
    for (long seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
      TestBed bed = new TestBed(CapacityTrace.of(0, 1e6), PATH, seed).feedbackEvery(0.1);
      bed.flow(0);
      bed.runUntil(60);
      outcomes.add(STEADY, bed.utilisation(10, 60));
      outcomes.add(DELAY, bed.queueDelayP95Millis(0, 60));
    }
    outcomes.report();
    assertUsed(outcomes, STEADY, 0.87);
    assertShortQueue(outcomes);
  }

  @Test
  void the_same_seed_gives_the_same_run() {
    LongFunction<Double> run =
        seed -> {
          TestBed bed = new TestBed(CapacityTrace.of(0, 1e6), PATH, seed);
          bed.flow(0);
          return bed.runUntil(20).utilisation(0, 20);
        };

    assertThat(run.apply(1)).isEqualTo(run.apply(1)).isNotEqualTo(run.apply(2));
  }

  /** Adds the utilisation from ten seconds after each change to the next change. */
  private static void steady(Outcomes outcomes, TestBed bed, double... changes) {
    for (int i = 0; i + 1 < changes.length; i++) {
      outcomes.add(STEADY, bed.utilisation(changes[i] + 10, changes[i + 1]));
    }
  }

  private static void shares(Outcomes outcomes, double[] shares) {
    double least = Double.MAX_VALUE;
    double most = 0;
    for (double share : shares) {
      least = Math.min(least, share);
      most = Math.max(most, share);
    }
    outcomes.add(LEAST_SHARE, least);
    outcomes.add(MOST_SHARE, most);
  }

  /** Nine of ten runs use so much, and none is far behind. */
  private static void assertUsed(Outcomes outcomes, String metric, double part) {
    assertThat(outcomes.low(metric)).isGreaterThan(part);
    assertThat(outcomes.least(metric)).isGreaterThan(part - 0.1);
  }

  private static void assertShortQueue(Outcomes outcomes) {
    assertThat(outcomes.median(DELAY)).isLessThan(100);
    assertThat(outcomes.high(DELAY)).isLessThan(110);
    assertThat(outcomes.most(DELAY)).isLessThan(150);
  }

  private static void assertQuick(Outcomes outcomes, double fillSeconds, double drainSeconds) {
    assertThat(outcomes.high(FILL)).isLessThan(fillSeconds);
    assertThat(outcomes.most(FILL)).isLessThan(1.5 * fillSeconds);
    assertThat(outcomes.high(DRAIN)).isLessThan(drainSeconds);
    assertThat(outcomes.most(DRAIN)).isLessThan(1.5 * drainSeconds);
  }

  private static void assertFair(Outcomes outcomes) {
    assertThat(outcomes.low(LEAST_SHARE)).isGreaterThan(0.7);
    assertThat(outcomes.high(MOST_SHARE)).isLessThan(1.4);
    assertThat(outcomes.least(LEAST_SHARE)).isGreaterThan(0.6);
    assertThat(outcomes.most(MOST_SHARE)).isLessThan(1.5);
  }
}
