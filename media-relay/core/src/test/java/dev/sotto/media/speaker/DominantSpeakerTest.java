package dev.sotto.media.speaker;

import static dev.sotto.media.speaker.DominantSpeaker.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jitsi.utils.dsi.DominantSpeakerIdentification;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The dominant speaker is who holds the floor")
class DominantSpeakerTest {
  private static final int SPEECH = 25;
  private static final int NOISE = 70;
  private static final int SILENCE = 127;

  private final DominantSpeaker speakers = new DominantSpeaker(8);
  private long nowMillis = 1000;

  @Test
  void nobody_is_dominant_in_an_empty_conference() {
    assertThat(speakers.advance(1)).isFalse();
    assertThat(speakers.dominant()).isEqualTo(NOBODY);
  }

  @Test
  void who_is_alone_is_dominant() {
    join(3);
    talk(400, NOISE);
    assertThat(speakers.dominant()).isEqualTo(3);
  }

  @Test
  void who_speaks_takes_the_floor_from_who_is_silent() {
    join(3);
    join(4);
    talk(1000, NOISE, NOISE);
    assertThat(speakers.dominant()).isEqualTo(3);
    talk(1000, NOISE, SPEECH);
    assertThat(speakers.dominant()).isEqualTo(4);
  }

  @Test
  void a_cough_does_not() {
    join(3);
    join(4);
    talk(2000, SPEECH, NOISE);
    talk(60, SPEECH, 5);
    talk(1000, SPEECH, NOISE);
    assertThat(speakers.dominant()).isEqualTo(3);
  }

  @Test
  void the_floor_stays_with_the_last_one_when_all_fall_silent() {
    join(3);
    join(4);
    talk(1000, NOISE, NOISE);
    talk(2000, NOISE, SPEECH);
    talk(5000, SILENCE, SILENCE);
    assertThat(speakers.dominant()).isEqualTo(4);
  }

  @Test
  void packets_that_stop_coming_are_silence() {
    join(3);
    join(4);
    talk(1000, NOISE, NOISE);
    talk(2000, NOISE, SPEECH);
    talk(400, NOISE);
    talk(1000, SPEECH);
    assertThat(speakers.dominant()).isEqualTo(3);
  }

  @Test
  void a_steady_hum_is_the_speakers_own_background() {
    join(3);
    join(4);
    talk(1000, NOISE, 40);
    talk(2000, SPEECH, 40);
    assertThat(speakers.dominant()).isEqualTo(3);
    talk(3000, NOISE, 40);
    assertThat(speakers.dominant()).isEqualTo(3);
  }

  @Test
  void who_joins_in_the_place_of_another_has_no_past() {
    join(3);
    join(4);
    talk(1000, NOISE, NOISE);
    talk(1000, NOISE, SPEECH);
    assertThat(speakers.dominant()).isEqualTo(4);
    speakers.remove(4);
    join(4);
    talk(600, NOISE, SILENCE);
    assertThat(speakers.dominant()).isEqualTo(3);
  }

  @Test
  void the_clock_may_wrap_around() {
    nowMillis = Long.MAX_VALUE / 1_000_000 - 500;
    join(3);
    join(4);
    talk(400, NOISE, NOISE);
    talk(1000, NOISE, SPEECH);
    assertThat(nowMillis * 1_000_000).isNegative();
    assertThat(speakers.dominant()).isEqualTo(4);
  }

  @Test
  void after_a_stop_of_minutes_it_goes_on_with_what_comes() {
    join(3);
    join(4);
    talk(1000, SPEECH, NOISE);
    nowMillis += 600_000;
    talk(200, SPEECH, NOISE);
    assertThat(speakers.dominant()).isEqualTo(3);
    talk(1500, NOISE, SPEECH);
    assertThat(speakers.dominant()).isEqualTo(4);
  }

  @Test
  void the_floor_is_free_when_its_holder_leaves() {
    join(3);
    join(4);
    talk(1000, SPEECH, NOISE);
    assertThat(speakers.dominant()).isEqualTo(3);
    speakers.remove(3);
    assertThat(speakers.dominant()).isEqualTo(NOBODY);
    speakers.onLevel(3, SPEECH, nowMillis * 1_000_000);
    nowMillis += 400;
    assertThat(speakers.advance(nowMillis * 1_000_000)).isTrue();
    assertThat(speakers.dominant()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void it_decides_as_the_implementation_of_jitsi_utils_does(long seed) {
    Random random = new Random(seed);
    VirtualExecutor executor = new VirtualExecutor();
    DominantSpeakerIdentification<Integer> reference =
        new DominantSpeakerIdentification<>(executor.clock, executor);
    List<String> expected = new ArrayList<>();
    reference.addActiveSpeakerChangedListener(it -> expected.add(executor.nowMillis + " " + it));
    List<String> actual = new ArrayList<>();
    int count = 2 + random.nextInt(5);
    int[] base = random.ints(count, 10, 100).toArray();
    boolean[] mute = new boolean[count];
    DominantSpeaker own = new DominantSpeaker(count);
    boolean[] joined = new boolean[count];
    for (long now = 1_000_000; now < 1_060_000; now++) {
      executor.nowMillis = now;
      for (int speaker = 0; speaker < count; speaker++) {
        if (random.nextInt(1500) == 0) {
          base[speaker] = 10 + random.nextInt(100);
          mute[speaker] = random.nextInt(4) == 0;
        }
        if ((now + speaker) % 20 == 0 && !mute[speaker] && random.nextInt(30) != 0) {
          int level = Math.clamp(base[speaker] + random.nextInt(21) - 10, 10, 127);
          if (!joined[speaker]) {
            joined[speaker] = true;
            own.add(speaker, now * 1_000_000);
          }
          reference.levelChanged(speaker, 127 - level);
          own.onLevel(speaker, level, now * 1_000_000);
        }
      }
      executor.runDue();
      if (executor.begun && own.advance(now * 1_000_000)) {
        actual.add(now + " " + own.dominant());
      }
    }
    assertThat(actual).hasSizeGreaterThan(3).isEqualTo(expected);
  }

  private void join(int speaker) {
    speakers.add(speaker, nowMillis * 1_000_000);
  }

  /** Levels of speaker 3, then 4, each 20 ms. */
  private void talk(int millis, int... levels) {
    for (int i = 0; i < millis / 20; i++) {
      nowMillis += 20;
      for (int speaker = 0; speaker < levels.length; speaker++) {
        speakers.onLevel(3 + speaker, levels[speaker], nowMillis * 1_000_000);
      }
      speakers.advance(nowMillis * 1_000_000);
    }
  }

  /** Runs the one task of the reference when its virtual time has come; starts no thread. */
  private static final class VirtualExecutor extends ScheduledThreadPoolExecutor {
    final Clock clock =
        new Clock() {
          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return Instant.ofEpochMilli(nowMillis);
          }
        };

    long nowMillis;
    boolean begun;
    private Runnable task = () -> {};
    private long dueMillis = Long.MAX_VALUE;

    VirtualExecutor() {
      super(0);
    }

    @Override
    public void execute(Runnable command) {
      begun = true;
      task = command;
      dueMillis = nowMillis;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      task = command;
      dueMillis = nowMillis + unit.toMillis(delay);
      return null;
    }

    void runDue() {
      while (dueMillis <= nowMillis) {
        dueMillis = Long.MAX_VALUE;
        task.run();
      }
    }
  }
}
