package dev.sotto.turn.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pool of relayed ports")
class RelayPortsTest {
  private final Random random = new Random(3);

  @Test
  void gives_every_port_of_the_range_once_and_then_none() {
    RelayPorts ports = new RelayPorts(50_001, 50_130);
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < 130; i++) {
      given.add(ports.claim(random).orElseThrow().port());
    }
    assertThat(given).hasSize(130).allMatch(port -> port >= 50_001 && port <= 50_130);
    assertThat(ports.claim(random)).isEmpty();
  }

  @Test
  void gives_even_ports_and_pairs_only_where_both_are_free_and_in_range() {
    RelayPorts ports = new RelayPorts(50_001, 50_004);
    assertThat(ports.claimEvenBelowFree(random)).map(RelayPorts.Claim::port).contains(50_002);
    assertThat(ports.claimEvenBelowFree(random)).isEmpty();
    assertThat(ports.claimEven(random)).map(RelayPorts.Claim::port).contains(50_004);
    assertThat(ports.claimEven(random)).isEmpty();
  }

  @Test
  void a_claim_closed_twice_gives_back_one_port() {
    RelayPorts ports = new RelayPorts(50_000, 50_000);
    RelayPorts.Claim first = ports.claim(random).orElseThrow();
    first.close();
    RelayPorts.Claim second = ports.claim(random).orElseThrow();
    first.close();
    assertThat(ports.claim(random)).isEmpty();
    second.close();
    assertThat(ports.claimedCount()).isZero();
  }

  @Test
  void several_loops_never_hold_the_same_port_and_leak_none() throws Exception {
    RelayPorts ports = new RelayPorts(50_000, 50_199);
    Set<Integer> held = ConcurrentHashMap.newKeySet();
    List<Callable<Boolean>> loops = new ArrayList<>();
    for (int loop = 0; loop < 4; loop++) {
      Random own = new Random(loop);
      loops.add(() -> claimAndRelease(ports, own, held));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Boolean> result : threads.invokeAll(loops)) {
        assertThat(result.get()).isTrue();
      }
    }
    assertThat(ports.claimedCount()).isZero();
  }

  private static boolean claimAndRelease(RelayPorts ports, Random random, Set<Integer> held) {
    boolean alwaysAlone = true;
    List<RelayPorts.Claim> mine = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      Optional<RelayPorts.Claim> claim =
          random.nextBoolean() ? ports.claim(random) : ports.claimEven(random);
      if (claim.isPresent()) {
        alwaysAlone &= held.add(claim.get().port());
        mine.add(claim.get());
      }
      if (mine.size() > random.nextInt(40)) {
        RelayPorts.Claim released = mine.removeFirst();
        held.remove(released.port());
        released.close();
      }
    }
    mine.forEach(claim -> held.remove(claim.port()));
    mine.forEach(RelayPorts.Claim::close);
    return alwaysAlone;
  }
}
