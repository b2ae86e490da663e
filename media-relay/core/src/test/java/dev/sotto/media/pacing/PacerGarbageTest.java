package dev.sotto.media.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A paced packet costs no heap")
class PacerGarbageTest {
  private static final int PACKETS = 100_000;

  private static final PaddingSource PADDING =
      new PaddingSource() {
        @Override
        public long nextPadding(int wantedBytes, long nowNanos) {
          return 1;
        }

        @Override
        public int paddingSizeBytes() {
          return 1_200;
        }
      };

  @Test
  void after_the_queues_have_grown() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Pacer pacer = new Pacer(PacingSettings.DEFAULT, 2_000_000, PADDING, _ -> {}, 0);
    double least = Double.MAX_VALUE;
    long now = 0;
    for (int round = 0; round < 10 && least >= 1; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < PACKETS; i++) {
        pacer.enqueue(i, 1_200, PacketPriority.VIDEO, now);
        if (i % 20 == 0) {
          pacer.enqueue(i, 120, PacketPriority.AUDIO, now);
          pacer.enqueue(i, 1_200, PacketPriority.RETRANSMISSION, now);
        }
        if (i % 500 == 0) {
          pacer.startProbe(i + 1, 4_000_000, 12_000, 5);
        }
        now += 3_000_000;
        while (pacer.poll(now) != Pacer.NONE) {
          pacer.polledProbeClusterId();
        }
        pacer.nextSendTimeNanos();
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      least = Math.min(least, allocated / (double) PACKETS);
    }
    assertThat(least).isLessThan(1);
  }
}
