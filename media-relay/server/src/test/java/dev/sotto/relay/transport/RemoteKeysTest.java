package dev.sotto.relay.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RemoteKeysTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 200_000;

  /** Less than the smallest object: what the runtime allocates for itself does not count. */
  private static final double NOTHING_BYTES = 1;

  private static final InetSocketAddress FOUR = new InetSocketAddress("192.0.2.255", 65_535);
  private static final InetSocketAddress SIX = new InetSocketAddress("2001:db8::ffff", 65_535);

  private final AddressTable<String> table = new AddressTable<>();
  private long found;

  @Test
  void equal_pairs_have_equal_numbers_and_tell_their_socket() {
    for (InetSocketAddress address : new InetSocketAddress[] {FOUR, SIX}) {
      for (int socket = 0; socket < RemoteKeys.MAXIMUM_SOCKETS; socket++) {
        long key = RemoteKeys.of(socket, address);
        assertThat(key)
            .isEqualTo(
                RemoteKeys.of(
                    socket, new InetSocketAddress(address.getHostString(), address.getPort())));
        assertThat(RemoteKeys.socket(key)).isEqualTo(socket);
      }
    }
  }

  @Test
  void pairs_over_ipv4_have_numbers_of_their_own() {
    Set<Long> keys = new HashSet<>();
    int pairs = 0;
    for (String host : new String[] {"0.0.0.0", "10.0.0.1", "127.0.0.1", "255.255.255.255"}) {
      for (int port : new int[] {0, 1, 1024, 32_768, 65_535}) {
        for (int socket : new int[] {0, 1, RemoteKeys.MAXIMUM_SOCKETS - 1}) {
          keys.add(RemoteKeys.of(socket, new InetSocketAddress(host, port)));
          pairs++;
        }
      }
    }
    assertThat(keys).hasSize(pairs).allMatch(RemoteKeys::isExact);
    assertThat(RemoteKeys.isExact(RemoteKeys.of(0, SIX))).isFalse();
  }

  @Test
  void finding_the_owner_of_an_address_costs_no_heap() {
    for (InetSocketAddress address : new InetSocketAddress[] {FOUR, SIX}) {
      var _ = table.put(RemoteKeys.of(1, address), address, "somebody");
      assertThat(
              heapBytesPerRound(
                  () -> found += table.find(RemoteKeys.of(1, address), address, "").length()))
          .isLessThan(NOTHING_BYTES);
    }
    assertThat(found).isPositive();
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
