package dev.sotto.media.rtp.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts the bytes that a thread allocates per packet. */
public final class HeapUse {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 50_000;
  private static final int MAX_RUNS = 20;

  private HeapUse() {}

  /** The least of several runs: the compiler is still at work during the first ones. */
  public static long leastBytesAllocated(Runnable onePacket) {
    long least = Long.MAX_VALUE;
    for (int run = 0; run < MAX_RUNS && least > 0; run++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < ROUNDS; i++) {
        onePacket.run();
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
