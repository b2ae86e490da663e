package dev.sotto.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sotto.media.demux.PacketKind;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is asked about every datagram costs no heap")
class TransportGarbageTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 200_000;

  /** Less than the smallest object: what the runtime allocates for itself does not count. */
  private static final double NOTHING_BYTES = 1;

  private final IceWorld world = new IceWorld();
  private final byte[] check = IceWorld.checkOf(world.session.localCredentials());
  private final MemorySegment segment = Check.segment(check);
  private long sum;

  @Test
  void telling_its_kind() {
    assertThat(heapBytesPerRound(() -> sum += PacketKind.of(segment, 0, check.length).hashCode()))
        .isLessThan(NOTHING_BYTES);
  }

  @Test
  void finding_the_session_that_a_check_is_for() {
    StunPeek peek = new StunPeek();
    assertThat(
            heapBytesPerRound(() -> {
              if (peek.wrap(segment, 0, check.length) && peek.isBindingRequest()) {
                sum += peek.localUfragKey();
              }
            }))
        .isLessThan(NOTHING_BYTES);
    assertThat(sum).isNotZero();
  }

  @Test
  void asking_for_consent() {
    world.nominate(IceWorld.WIFI);
    assertThat(heapBytesPerRound(() -> sum += world.session.maySend(world.now) ? 1 : 0))
        .isLessThan(NOTHING_BYTES);
    assertThat(sum).isGreaterThanOrEqualTo(ROUNDS);
  }

  /** The least of several runs, since the compiler is still at work during the first ones. */
  private static double heapBytesPerRound(Runnable round) {
    double least = Double.MAX_VALUE;
    for (int run = 0; run < 10 && least >= NOTHING_BYTES; run++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < ROUNDS; i++) {
        round.run();
      }
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      least = Math.min(least, allocated / (double) ROUNDS);
    }
    return least;
  }
}
