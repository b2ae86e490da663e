package dev.sotto.media.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A level costs no heap")
class SpeakerGarbageTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int SPEAKERS = 20;

  @Test
  void whoever_speaks() {
    DominantSpeaker dominant = new DominantSpeaker(SPEAKERS);
    LoudestSpeakers loudest = new LoudestSpeakers(3, SPEAKERS);
    SpeakerOrder order = new SpeakerOrder(SPEAKERS);
    for (int speaker = 0; speaker < SPEAKERS; speaker++) {
      dominant.add(speaker, 0);
      order.add(speaker);
    }
    long least = Long.MAX_VALUE;
    int changes = 0;
    long now = 0;
    for (int run = 0; run < 10 && least > 0; run++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 20_000; i++) {
        now += 1_000_000;
        int speaker = i % SPEAKERS;
        int level = i / 2000 % SPEAKERS == speaker ? 20 : 75;
        dominant.onLevel(speaker, level, now);
        loudest.onLevel(speaker, level, now);
        loudest.advance(now);
        if (dominant.advance(now)) {
          order.onDominant(dominant.dominant());
          changes++;
        }
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isZero();
    assertThat(changes).isGreaterThan(5);
  }
}
