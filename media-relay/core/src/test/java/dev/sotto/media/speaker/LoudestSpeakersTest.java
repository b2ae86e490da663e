package dev.sotto.media.speaker;

import static dev.sotto.media.speaker.LoudestSpeakers.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The audio slots are with the loudest speakers")
class LoudestSpeakersTest {
  private static final int SPEECH = 30;
  private static final int LOUD = 15;
  private static final int NOISE = 80;
  private static final int SILENCE = 127;
  private static final long MILLI = 1_000_000L;

  private final LoudestSpeakers loudest = new LoudestSpeakers(2, 5);
  private long now = 1_000_000_000L;

  @Test
  void the_first_sound_gets_a_free_slot_at_once() {
    assertThat(loudest.onLevel(0, NOISE, now)).isZero();
    assertThat(loudest.onLevel(1, SPEECH, now)).isEqualTo(1);
    assertThat(loudest.occupant(0)).isZero();
    assertThat(loudest.slot(1)).isEqualTo(1);
  }

  @Test
  void digital_silence_gets_none_and_costs_nothing() {
    assertThat(loudest.onLevel(0, SILENCE, now)).isEqualTo(NOBODY);
    assertThat(loudest.occupant(0)).isEqualTo(NOBODY);
  }

  @Test
  void a_speaker_who_is_muted_gives_the_slot_back() {
    talk(400, SPEECH);
    talk(2000, SILENCE);
    assertThat(loudest.slot(0)).isZero();
    talk(100, SILENCE);
    assertThat(loudest.slot(0)).isEqualTo(NOBODY);
  }

  @Test
  void background_never_takes_a_slot_from_anyone() {
    talk(5000, NOISE, NOISE, NOISE - 15);
    assertThat(loudest.slot(2)).isEqualTo(NOBODY);
  }

  @Test
  void who_speaks_takes_the_slot_of_who_has_been_silent_for_a_while() {
    talk(1000, SPEECH, SPEECH);
    talk(500, SPEECH, NOISE, SPEECH);
    assertThat(loudest.slot(2)).as("a breath is not silence").isEqualTo(NOBODY);
    talk(600, SPEECH, NOISE, SPEECH);
    assertThat(loudest.slot(2)).isEqualTo(1);
    assertThat(loudest.slot(1)).isEqualTo(NOBODY);
  }

  @Test
  void who_is_much_louder_takes_the_slot_of_the_quietest_after_some_time() {
    talk(1000, SPEECH, SPEECH + 5);
    talk(300, SPEECH, SPEECH + 5, LOUD);
    assertThat(loudest.slot(2)).isEqualTo(NOBODY);
    talk(400, SPEECH, SPEECH + 5, LOUD);
    assertThat(loudest.slot(2)).isEqualTo(1);
    talk(5000, SPEECH, SPEECH + 5, LOUD);
    assertThat(loudest.slot(1)).as("no changing to and fro").isEqualTo(NOBODY);
  }

  @Test
  void who_is_only_a_little_louder_does_not() {
    talk(1000, SPEECH, SPEECH);
    talk(5000, SPEECH, SPEECH, SPEECH - 4);
    assertThat(loudest.slot(2)).isEqualTo(NOBODY);
  }

  @Test
  void who_was_louder_before_a_pause_has_to_be_it_for_some_time_again() {
    talk(1000, SPEECH, SPEECH);
    talk(200, SPEECH, SPEECH, LOUD);
    talk(3000, SPEECH, SPEECH);
    talk(200, SPEECH, SPEECH, LOUD);
    assertThat(loudest.slot(2)).isEqualTo(NOBODY);
    talk(200, SPEECH, SPEECH, LOUD);
    assertThat(loudest.slot(2)).isNotEqualTo(NOBODY);
  }

  @Test
  void who_has_just_begun_is_not_outdone_by_one_as_loud() {
    talk(2000, SILENCE, SPEECH, SILENCE, SPEECH, SPEECH);
    assertThat(loudest.slot(4)).isEqualTo(NOBODY);
    loudest.remove(3);
    assertThat(loudest.onLevel(0, SPEECH, now)).isEqualTo(1);
    talk(3000, SPEECH, SPEECH, SILENCE, SILENCE, SPEECH);
    assertThat(loudest.slot(0)).isEqualTo(1);
  }

  @Test
  void a_door_that_slams_takes_no_slot() {
    talk(1000, SPEECH, SPEECH);
    talk(20, SPEECH, SPEECH, 0);
    talk(1000, SPEECH, SPEECH, NOISE);
    assertThat(loudest.slot(2)).isEqualTo(NOBODY);
  }

  @Test
  void who_never_made_a_sound_is_not_active_whatever_the_clock_says() {
    now = Long.MAX_VALUE - 500 * MILLI;
    assertThat(loudest.isActive(0, now)).isFalse();
    talk(1000, SPEECH, SPEECH, NOISE);
    assertThat(now).as("the clock has wrapped around").isNegative();
    assertThat(loudest.isActive(1, now)).isTrue();
    assertThat(loudest.isActive(2, now)).isFalse();
    talk(1100, SPEECH, NOISE, SPEECH);
    assertThat(loudest.slot(2)).isEqualTo(1);
  }

  @Test
  void who_leaves_frees_the_slot() {
    talk(100, SPEECH, SPEECH);
    loudest.remove(0);
    assertThat(loudest.onLevel(2, SPEECH, now)).isZero();
    assertThat(loudest.isActive(0, now)).isFalse();
  }

  @Test
  void active_is_who_speaks_or_has_just_paused() {
    talk(100, SPEECH, NOISE);
    assertThat(loudest.isActive(0, now)).isTrue();
    assertThat(loudest.isActive(1, now)).isFalse();
    assertThat(loudest.isActive(0, now + 1001 * MILLI)).isFalse();
  }

  @Property(tries = 200)
  void a_slot_and_its_speaker_always_know_each_other(@ForAll long seed) {
    Random random = new Random(seed);
    LoudestSpeakers any = new LoudestSpeakers(1 + random.nextInt(4), 6);
    for (int step = 0; step < 2000; step++) {
      now += random.nextInt(20) * MILLI;
      int speaker = random.nextInt(6);
      switch (random.nextInt(40)) {
        case 0 -> any.remove(speaker);
        case 1 -> now += 2500 * MILLI;
        case 2 -> any.advance(now);
        default -> any.onLevel(speaker, random.nextInt(140) - 5, now);
      }
      Set<Integer> seated = new HashSet<>();
      for (int i = 0; i < 6; i++) {
        int slot = any.slot(i);
        if (slot != NOBODY) {
          assertThat(any.occupant(slot)).isEqualTo(i);
          assertThat(seated.add(slot)).isTrue();
        }
      }
    }
  }

  private void talk(int millis, int... levels) {
    for (int i = 0; i < millis / 20; i++) {
      now += 20 * MILLI;
      for (int speaker = 0; speaker < levels.length; speaker++) {
        loudest.onLevel(speaker, levels[speaker], now);
      }
      loudest.advance(now);
    }
  }
}
