package dev.sotto.media.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.media.rtcp.GenericNack;
import dev.sotto.media.rtcp.RtcpCompound;
import dev.sotto.media.rtcp.RtcpWriter;
import dev.sotto.media.rtp.testkit.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NackGeneratorTest {
  private static final long MILLIS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long RTT = 60 * MILLIS;
  private static final NackSettings SETTINGS =
      new NackSettings(5 * MILLIS, 20 * MILLIS, 500 * MILLIS, 4, 1000 * MILLIS);

  private final NackGenerator generator = new NackGenerator(SETTINGS);
  private final MemorySegment out = Bytes.allocate(1200);
  private final RtcpWriter writer = new RtcpWriter();

  /** Near the wrap-around of the clock, which every comparison has to survive. */
  private long now = Long.MAX_VALUE - 50 * MILLIS;

  private void receive(int... numbers) {
    for (int number : numbers) {
      generator.onPacket(number, now);
    }
  }

  private List<Integer> ask() {
    return ask(1200, RTT);
  }

  private List<Integer> ask(int room, long roundTrip) {
    int asked = generator.write(writer.begin(out, 0, room), 1, 2, now, roundTrip);
    List<Integer> numbers = new ArrayList<>();
    RtcpCompound compound = new RtcpCompound();
    if (compound.wrap(out, 0, writer.length())) {
      compound.next();
      GenericNack nack = new GenericNack();
      assertThat(nack.wrap(compound)).isTrue();
      while (nack.next()) {
        numbers.add(nack.sequenceNumber());
      }
    }
    assertThat(numbers).hasSize(asked);
    return numbers;
  }

  @Test
  void what_is_missing_is_asked_for_after_a_time_for_reordering() {
    receive(65_534, 1);
    assertThat(generator.nanosUntilDue(now)).isEqualTo(5 * MILLIS);
    assertThat(ask()).isEmpty();
    now += 4 * MILLIS;
    assertThat(ask()).isEmpty();
    now += MILLIS;
    assertThat(generator.nanosUntilDue(now)).isZero();
    assertThat(ask()).containsExactly(65_535, 0);
    assertThat(generator.missingPackets()).isEqualTo(2);
  }

  @Test
  void what_came_in_another_order_is_not_asked_for() {
    receive(1, 3);
    now += 3 * MILLIS;
    receive(2);
    now += 10 * MILLIS;

    assertThat(ask()).isEmpty();
    assertThat(generator.nanosUntilDue(now)).isEqualTo(NackGenerator.NEVER);
    assertThat(generator.recoveredPackets()).isEqualTo(1);
  }

  @Test
  void it_is_asked_for_again_every_round_trip_until_it_came() {
    receive(1, 3);
    now += 5 * MILLIS;
    assertThat(ask()).containsExactly(2);
    assertThat(generator.nanosUntilDue(now)).isEqualTo(RTT);
    now += RTT - 1;
    assertThat(ask()).isEmpty();
    now += 1;
    assertThat(ask()).containsExactly(2);
    generator.onRecovered(2);
    now += RTT;
    assertThat(ask()).isEmpty();
    assertThat(generator.recoveredPackets()).isEqualTo(1);
    assertThat(generator.missingPackets()).isZero();
  }

  @Test
  void the_interval_is_bounded_and_has_a_default() {
    receive(1, 3);
    now += 5 * MILLIS;
    ask(1200, MILLIS);
    assertThat(generator.nanosUntilDue(now)).isEqualTo(20 * MILLIS);
    now += 20 * MILLIS;
    ask(1200, 10_000 * MILLIS);
    assertThat(generator.nanosUntilDue(now)).isEqualTo(500 * MILLIS);
    now += 500 * MILLIS;
    ask(1200, 0);
    assertThat(generator.nanosUntilDue(now)).isEqualTo(NackGenerator.DEFAULT_ROUND_TRIP_NANOS);
  }

  @Test
  void it_is_given_up_after_the_last_try() {
    receive(1, 3);
    now += 5 * MILLIS;
    for (int i = 0; i < 4; i++) {
      assertThat(ask()).containsExactly(2);
      now += RTT;
    }
    assertThat(ask()).isEmpty();
    assertThat(generator.givenUpPackets()).isEqualTo(1);
    assertThat(generator.missingPackets()).isZero();
    assertThat(generator.nanosUntilDue(now)).isEqualTo(NackGenerator.NEVER);
  }

  @Test
  void it_is_given_up_when_it_is_too_old() {
    receive(1, 3);
    now += 1000 * MILLIS;

    assertThat(ask()).isEmpty();
    assertThat(generator.givenUpPackets()).isEqualTo(1);
  }

  @Test
  void gaps_of_different_age_are_due_at_different_times() {
    receive(1, 3);
    now += 5 * MILLIS;
    assertThat(ask()).containsExactly(2);
    now += 10 * MILLIS;
    receive(5);
    assertThat(generator.nanosUntilDue(now)).isEqualTo(5 * MILLIS);
    now += 5 * MILLIS;
    assertThat(ask()).containsExactly(4);
    assertThat(generator.nanosUntilDue(now)).isEqualTo(RTT - 15 * MILLIS);
    now += RTT;
    assertThat(ask()).containsExactly(2, 4);
  }

  @Test
  void what_finds_no_room_stays_due() {
    receive(1, 100);
    now += 5 * MILLIS;

    List<Integer> first = ask(16, RTT);
    assertThat(first).isEqualTo(IntStream.rangeClosed(2, 18).boxed().toList());
    assertThat(generator.nanosUntilDue(now)).isZero();
    assertThat(ask()).isEqualTo(IntStream.rangeClosed(19, 99).boxed().toList());
    assertThat(generator.nanosUntilDue(now)).isEqualTo(RTT);
  }

  @Test
  void a_big_jump_starts_anew() {
    receive(1, 3);
    receive(3 + NackGenerator.MAX_GAP + 1);
    now += 5 * MILLIS;

    assertThat(ask()).isEmpty();
    assertThat(generator.givenUpPackets()).isEqualTo(1);
    receive(3 + NackGenerator.MAX_GAP + 3);
    now += 5 * MILLIS;
    assertThat(ask()).containsExactly(3 + NackGenerator.MAX_GAP + 2);
  }

  @Test
  void the_longest_gap_is_asked_for() {
    receive(1, 1 + NackGenerator.MAX_GAP);
    now += 5 * MILLIS;

    assertThat(ask()).hasSize(NackGenerator.MAX_GAP - 1);
  }

  @Test
  void a_source_that_starts_anew_behind_is_followed_after_two_packets() {
    receive(30_000, 30_002);
    receive(10_000);
    assertThat(generator.missingPackets()).isEqualTo(1);
    receive(10_001, 10_003);
    now += 5 * MILLIS;

    assertThat(ask()).containsExactly(10_002);
    assertThat(generator.givenUpPackets()).isEqualTo(1);
  }

  @Test
  void one_very_late_packet_changes_nothing() {
    receive(30_000);
    receive(28_000);
    receive(30_002);
    receive(28_001);
    now += 5 * MILLIS;

    assertThat(ask()).containsExactly(30_001);
  }

  @Test
  void recovery_cannot_open_a_gap() {
    generator.onRecovered(7);
    receive(10);
    generator.onRecovered(20);
    generator.onRecovered(9);
    receive(11);
    now += 5 * MILLIS;

    assertThat(ask()).isEmpty();
    assertThat(generator.recoveredPackets()).isZero();
  }

  @Test
  void what_leaves_the_window_is_given_up() {
    receive(1, 3);
    IntStream.rangeClosed(4, 2000).forEach(this::receive);
    now += 5 * MILLIS;

    assertThat(ask()).isEmpty();
    assertThat(generator.givenUpPackets()).isEqualTo(1);
    receive(2002);
    now += 5 * MILLIS;
    assertThat(ask()).containsExactly(2001);
  }

  @Test
  void a_long_time_without_loss_costs_nothing_at_the_next() {
    IntStream.rangeClosed(0, 3_000_000).forEach(number -> receive(number & 0xffff));
    receive(3_000_002 & 0xffff);
    now += 5 * MILLIS;

    assertThat(ask()).containsExactly(3_000_001 & 0xffff);
  }

  @Property(tries = 200)
  void with_any_loss_exactly_what_is_missing_is_asked_for(
      @ForAll long seed, @ForAll @IntRange(max = 60) int lossPercent) {
    NackGenerator fresh = new NackGenerator(SETTINGS);
    Random random = new Random(seed);
    int start = random.nextInt(65_536);
    Set<Integer> missing = new TreeSet<>();
    List<Integer> late = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int number = start + i & 0xffff;
      if (i > 0 && i < 399 && random.nextInt(100) < lossPercent) {
        missing.add(i);
        late.add(i);
      } else {
        fresh.onPacket(number, now);
      }
    }
    Collections.shuffle(late, random);
    for (int i : late.subList(0, late.size() / 3)) {
      missing.remove(i);
      if (i % 2 == 0) {
        fresh.onPacket(start + i & 0xffff, now);
      } else {
        fresh.onRecovered(start + i & 0xffff);
      }
    }
    fresh.write(writer.begin(out, 0, 1200), 1, 2, now + 5 * MILLIS, RTT);
    List<Integer> asked = new ArrayList<>();
    RtcpCompound compound = new RtcpCompound();
    if (compound.wrap(out, 0, writer.length())) {
      compound.next();
      GenericNack nack = new GenericNack();
      nack.wrap(compound);
      while (nack.next()) {
        asked.add(nack.sequenceNumber() - start & 0xffff);
      }
    }

    assertThat(asked).containsExactlyElementsOf(missing);
  }

  @Test
  void settings_that_contradict_each_other_are_refused() {
    assertThatThrownBy(() -> new NackSettings(0, 2, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NackSettings(0, 1, 1, 128, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NackSettings(0, 0, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
