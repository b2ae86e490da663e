package dev.sotto.turn.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.TrafficLimits;
import dev.sotto.turn.peer.Cidr;
import dev.sotto.turn.peer.OwnAddresses;
import dev.sotto.turn.relay.Allocation;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What is counted of permissions and users, whatever clients, time and operators do. */
class PermissionQuotaPropertiesTest {
  private static final int CLIENTS = 4;
  private static final int PEERS = 9;
  private static final int PER_USER = 7;
  private static final int IN_TOTAL = 10;

  /** One thing that happens; what it happens to is told by the numbers. */
  enum Kind {
    ALLOCATE,
    PERMIT,
    BIND,
    DELETE,
    SECONDS_PASS,
    TIME_PASSES_UNNOTICED,
    RELOAD,
    CONNECTIONS_CLOSE
  }

  record Step(Kind kind, int client, int peer, int count) {}

  private World world = new World();
  private List<TurnClient> clients = List.of();

  @Property(tries = 100)
  void the_count_is_that_of_the_permissions_that_are_there_and_all_is_back_at_zero_in_the_end(
      @ForAll("histories") List<Step> history) {
    begin();
    for (Step step : history) {
      happens(step);
      countsWhatIsThere();
    }
    allEnds();
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    return Combinators.combine(
            // Most histories are of permissions; the rare kinds end many at once.
            Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(Kind.PERMIT, Kind.BIND)),
                Tuple.of(4, Arbitraries.of(Kind.ALLOCATE, Kind.SECONDS_PASS)),
                Tuple.of(2, Arbitraries.of(Kind.DELETE, Kind.RELOAD)),
                Tuple.of(1, Arbitraries.of(Kind.TIME_PASSES_UNNOTICED, Kind.CONNECTIONS_CLOSE))),
            Arbitraries.integers().between(0, CLIENTS - 1),
            Arbitraries.integers().between(0, PEERS - 1),
            Arbitraries.integers().between(1, 4))
        .as(Step::new)
        .list()
        .ofMinSize(10)
        .ofMaxSize(60);
  }

  private void begin() {
    world =
        new World(
            new World.Options()
                .permissionQuotas(PER_USER, IN_TOTAL)
                .permissions(5)
                .traffic(new TrafficLimits(0, 0, 0, 1, 2)));
    clients =
        IntStream.range(0, CLIENTS)
            .mapToObj(i ->
                i % 2 == 0 ? world.client(4000 + i) : world.client(4000 + i).as("bob", "builder"))
            .toList();
    clients.forEach(TurnClient::greet);
  }

  private void happens(Step step) {
    TurnClient client = clients.get(step.client());
    switch (step.kind()) {
      case ALLOCATE -> client.allocate(it -> it);
      case PERMIT -> client.permit(peers(step));
      case BIND -> client.bind(0x4000 + step.count(), peer(step.peer()));
      case DELETE -> client.refresh(0);
      case SECONDS_PASS -> {
        world.passSeconds(step.count() * 40);
        clients.forEach(TurnClient::greet); // for nonces that are not stale
      }
      case TIME_PASSES_UNNOTICED -> {
        world.passSecondsUnnoticed(step.count() * 150);
        clients.forEach(TurnClient::greet);
      }
      case RELOAD -> deny("9.9.9." + step.peer());
      case CONNECTIONS_CLOSE -> world.worker.onLinkClosed(world.link());
    }
  }

  private void countsWhatIsThere() {
    Map<String, Integer> byOwner =
        world.link().allocations().values().stream()
            .collect(
                Collectors.groupingBy(
                    Allocation::owner,
                    Collectors.summingInt(allocation -> allocation.permissions().size())));
    int all = byOwner.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(world.shared.permissionQuotas().current()).isEqualTo(all);
    assertThat(all).isLessThanOrEqualTo(IN_TOTAL);
    assertThat(byOwner.values()).allMatch(held -> held <= PER_USER);
    assertThat(world.shared.permissionQuotas().owners())
        .isEqualTo((int) byOwner.values().stream().filter(held -> held > 0).count());
  }

  /** With default lifetimes nobody's allocation outlasts ten minutes without a refresh. */
  private void allEnds() {
    world.passSeconds(601);
    clients.forEach(TurnClient::greet);
    assertThat(world.allocations()).isZero();
    assertThat(world.shared.permissionQuotas().current()).isZero();
    assertThat(world.shared.permissionQuotas().owners()).isZero();
    assertThat(world.shared.quotas().current()).isZero();
    assertThat(world.shared.quotas().owners()).isZero();
    assertThat(world.shared.userRates().users()).isZero();
    assertThat(world.ports.claimedCount()).isZero();
    deny("192.0.2.0/24");
    for (TurnClient client : clients.subList(0, 2)) {
      client.allocate();
      assertThat(client.permit(peer(0), peer(1)).isSuccess())
          .as("a whole burst of new peers for each of the two users")
          .isTrue();
    }
  }

  private void deny(String block) {
    world
        .shared
        .peerPolicy()
        .replace(
            List.of(),
            List.of(Cidr.parse(block)),
            new OwnAddresses(List.of(World.RELAY_IPV4, World.RELAY_IPV6)));
    world.worker.onPolicyChange();
  }

  private static InetSocketAddress[] peers(Step step) {
    return IntStream.range(0, step.count())
        .mapToObj(i -> peer((step.peer() + i) % PEERS))
        .toArray(InetSocketAddress[]::new);
  }

  private static InetSocketAddress peer(int last) {
    return new InetSocketAddress(InetAddress.ofLiteral("9.9.9." + last), 7000);
  }
}
