package dev.sotto.turn.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.TrafficLimits;
import dev.sotto.turn.protocol.TransportCounters.Counter;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.World;
import dev.sotto.turn.testkit.World.Relayed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Rates of bits and of new peers")
class TrafficLimitsTest {
  private static final InetSocketAddress PEER = peer(1);
  private static final String KILOBYTE = "x".repeat(1000);
  private static final long BITS_OF_TEN_KILOBYTES = 80_000;

  @Test
  void an_allocation_passes_a_second_of_its_rate_at_once_and_then_its_rate() {
    World world = world(new TrafficLimits(BITS_OF_TEN_KILOBYTES, 0, 0, 0, 0));
    TurnClient alice = world.client(4000);
    Relayed relayed = world.relayed(alice.allocate());
    alice.permit(PEER);
    assertThat(passes(alice, relayed, 25)).isEqualTo(10);
    assertThat(world.dropped(DropReason.ALLOCATION_RATE)).isEqualTo(15);
    world.passSecondsUnnoticed(1);
    assertThat(passes(alice, relayed, 25)).isEqualTo(10);
    world.passSecondsUnnoticed(100);
    assertThat(passes(alice, relayed, 25)).as("a pause is no savings account").isEqualTo(10);
  }

  @Test
  void both_directions_count_and_what_is_dropped_does_not() {
    World world = world(new TrafficLimits(BITS_OF_TEN_KILOBYTES, 0, 0, 0, 0));
    TurnClient alice = world.client(4000);
    Relayed relayed = world.relayed(alice.allocate());
    alice.permit(PEER);
    for (int i = 0; i < 6; i++) {
      relayed.receive(PEER, KILOBYTE);
      assertThat(alice.expectDataFrom(PEER)).isEqualTo(KILOBYTE);
    }
    relayed.receive(peer(2), KILOBYTE); // no permission
    assertThat(passes(alice, relayed, 10)).isEqualTo(4);
    relayed.receive(PEER, KILOBYTE);
    alice.expectSilenceBefore();
    assertThat(world.counted(Counter.BYTES_TO_PEERS)).isEqualTo(4000);
  }

  @Test
  void a_users_allocations_share_the_users_rate_and_other_users_have_their_own() {
    World world = world(new TrafficLimits(0, BITS_OF_TEN_KILOBYTES, 0, 0, 0));
    TurnClient first = world.client(4000);
    TurnClient second = world.client(4001);
    TurnClient bob = world.client(4002).as("bob", "builder");
    Relayed ofFirst = allocateAndPermit(world, first);
    Relayed ofSecond = allocateAndPermit(world, second);
    Relayed ofBob = allocateAndPermit(world, bob);
    assertThat(passes(first, ofFirst, 6) + passes(second, ofSecond, 6)).isEqualTo(10);
    assertThat(world.dropped(DropReason.USER_RATE)).isEqualTo(2);
    assertThat(passes(bob, ofBob, 10)).isEqualTo(10);
  }

  @Test
  void allocating_anew_is_no_way_around_a_users_rate() {
    World world = world(new TrafficLimits(0, BITS_OF_TEN_KILOBYTES, 0, 0, 0));
    TurnClient alice = world.client(4000);
    assertThat(passes(alice, allocateAndPermit(world, alice), 10)).isEqualTo(10);
    alice.refresh(0);
    assertThat(passes(alice, allocateAndPermit(world, alice), 10)).isZero();
  }

  @Test
  void a_user_is_forgotten_when_nothing_of_the_past_counts_any_more() {
    World world = world(new TrafficLimits(0, BITS_OF_TEN_KILOBYTES, 0, 0, 0));
    TurnClient alice = world.client(4000);
    assertThat(passes(alice, allocateAndPermit(world, alice), 10)).isEqualTo(10);
    alice.refresh(0);
    world.worker.onTick();
    assertThat(world.shared.userRates().users()).isOne();
    world.passSeconds(2);
    assertThat(world.shared.userRates().users()).isZero();
  }

  @Test
  void all_users_share_the_servers_rate() {
    World world = world(new TrafficLimits(0, 0, BITS_OF_TEN_KILOBYTES, 0, 0));
    TurnClient alice = world.client(4000);
    TurnClient bob = world.client(4001).as("bob", "builder");
    Relayed ofAlice = allocateAndPermit(world, alice);
    Relayed ofBob = allocateAndPermit(world, bob);
    assertThat(passes(alice, ofAlice, 6) + passes(bob, ofBob, 6)).isEqualTo(10);
    assertThat(world.dropped(DropReason.TOTAL_RATE)).isEqualTo(2);
  }

  @Test
  void a_higher_rate_is_kept_to_within_a_handful_of_bytes() {
    long megabyte = 8_000_000;
    World world = world(new TrafficLimits(0, megabyte, 0, 0, 0));
    TurnClient alice = world.client(4000);
    Relayed relayed = allocateAndPermit(world, alice);
    int passed = passes(alice, relayed, 2000);
    for (int second = 0; second < 5; second++) {
      world.passSecondsUnnoticed(1);
      passed += passes(alice, relayed, 2000);
    }
    assertThat(passed).isBetween(5984, 6000);
  }

  @Test
  void a_user_turns_to_so_many_new_peers_a_second_by_permission_and_by_channel() {
    World world = world(new TrafficLimits(0, 0, 0, 3, 0));
    TurnClient alice = world.client(4000);
    alice.allocate();
    assertThat(alice.permit(peer(1), peer(2), peer(3)).isSuccess()).isTrue();
    assertThat(alice.bind(0x4000, peer(4)).isSuccess()).isTrue();
    assertThat(alice.permit(peer(5), peer(6), peer(7)).errorCode())
        .as("a request is granted whole or not at all")
        .isEqualTo(508);
    assertThat(alice.permit(peer(5), peer(6)).isSuccess()).isTrue();
    assertThat(alice.bind(0x4001, peer(7)).errorCode()).isEqualTo(508);
    assertThat(alice.permit(peer(1), peer(2), peer(3)).isSuccess()).as("known ones").isTrue();
    assertThat(alice.bind(0x4000, peer(4)).isSuccess()).as("a known one").isTrue();
    assertThat(world.dropped(DropReason.NEW_PEERS_RATE)).isEqualTo(2);

    TurnClient elsewhere = world.client(4001);
    elsewhere.allocate();
    assertThat(elsewhere.permit(peer(7)).errorCode()).as("the same user").isEqualTo(508);
    world.passSecondsUnnoticed(1);
    assertThat(alice.permit(peer(7), peer(8), peer(9)).isSuccess()).isTrue();
    assertThat(elsewhere.permit(peer(10)).errorCode()).isEqualTo(508);
  }

  @Test
  void a_peer_that_a_user_has_turned_to_lately_is_not_new_from_another_allocation() {
    World world = world(new TrafficLimits(0, 0, 0, 1, 0));
    for (int port = 4000; port < 4010; port++) {
      TurnClient client = world.client(port);
      client.allocate();
      assertThat(client.permit(peer(1), peer(2)).isSuccess()).isTrue();
    }
    TurnClient bob = world.client(5000).as("bob", "builder");
    bob.allocate();
    assertThat(bob.permit(peer(1), peer(2)).isSuccess()).as("new for bob, who may").isTrue();
    assertThat(bob.permit(peer(3)).errorCode()).isEqualTo(508);
  }

  @Test
  void all_users_share_the_servers_rate_of_new_peers_by_permission_and_by_channel() {
    World world = world(new TrafficLimits(0, 0, 0, 0, 3));
    TurnClient alice = world.client(4000);
    TurnClient bob = world.client(4001).as("bob", "builder");
    alice.allocate();
    bob.allocate();
    assertThat(alice.permit(peer(1), peer(2), peer(3)).isSuccess()).isTrue();
    assertThat(bob.bind(0x4000, peer(1)).isSuccess()).as("new to bob").isTrue();
    assertThat(bob.permit(peer(2), peer(3), peer(4)).errorCode())
        .as("a request is granted whole or not at all")
        .isEqualTo(508);
    assertThat(bob.permit(peer(2), peer(3)).isSuccess()).isTrue();
    assertThat(alice.bind(0x4000, peer(5)).errorCode()).isEqualTo(508);
    assertThat(alice.permit(peer(1), peer(2), peer(3)).isSuccess()).as("known ones").isTrue();
    assertThat(world.dropped(DropReason.TOTAL_NEW_PEERS_RATE)).isEqualTo(2);
    assertThat(world.dropped(DropReason.NEW_PEERS_RATE)).isZero();

    world.passSecondsUnnoticed(1);
    assertThat(bob.permit(peer(6), peer(7), peer(8)).isSuccess()).isTrue();
    assertThat(alice.permit(peer(9)).errorCode()).isEqualTo(508);
  }

  @Test
  void peers_that_the_server_refuses_do_not_count_against_the_users_rate() {
    World world = world(new TrafficLimits(0, 0, 0, 2, 2));
    TurnClient alice = world.client(4000);
    TurnClient bob = world.client(4001).as("bob", "builder");
    alice.allocate();
    bob.allocate();
    assertThat(alice.permit(peer(1), peer(2), peer(3)).isSuccess()).isTrue();
    assertThat(bob.permit(peer(1), peer(2), peer(3), peer(4)).errorCode()).isEqualTo(508);
    world.passSecondsUnnoticed(1);
    assertThat(bob.permit(peer(1), peer(2), peer(3)).isSuccess()).isTrue();
    assertThat(world.dropped(DropReason.TOTAL_NEW_PEERS_RATE)).isOne();
    assertThat(world.dropped(DropReason.NEW_PEERS_RATE)).isZero();
  }

  @Test
  void a_user_over_its_own_rate_takes_nothing_of_the_servers() {
    World world = world(new TrafficLimits(0, 0, 0, 1, 2));
    TurnClient alice = world.client(4000);
    TurnClient bob = world.client(4001).as("bob", "builder");
    alice.allocate();
    bob.allocate();
    for (int attempt = 0; attempt < 10; attempt++) {
      assertThat(alice.permit(peer(1), peer(2), peer(3)).errorCode()).isEqualTo(508);
    }
    assertThat(alice.permit(peer(1), peer(2)).isSuccess()).isTrue();
    assertThat(bob.permit(peer(1), peer(2)).isSuccess()).isTrue();
    assertThat(world.dropped(DropReason.NEW_PEERS_RATE)).isEqualTo(10);
    assertThat(world.dropped(DropReason.TOTAL_NEW_PEERS_RATE)).isZero();
  }

  @Test
  void rates_that_let_nothing_through_are_refused_by_name() {
    assertThatThrownBy(() -> new TrafficLimits(0, 1000, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bitsPerSecondPerUser");
    assertThatThrownBy(() -> new TrafficLimits(0, 0, 0, -1, 0))
        .hasMessageContaining("newPeersPerSecondPerUser");
    assertThatThrownBy(() -> new TrafficLimits(0, 0, 0, 0, -1))
        .hasMessageContaining("newPeersPerSecondInTotal");
  }

  /** How many of so many kilobytes get through to the peer. */
  private static int passes(TurnClient client, Relayed relayed, int offered) {
    relayed.sent.clear();
    for (int i = 0; i < offered; i++) {
      client.sendTo(PEER, KILOBYTE);
    }
    return relayed.sent.size();
  }

  private static Relayed allocateAndPermit(World world, TurnClient client) {
    Relayed relayed = world.relayed(client.allocate());
    client.permit(PEER);
    return relayed;
  }

  private static World world(TrafficLimits limits) {
    return new World(new World.Options().traffic(limits));
  }

  private static InetSocketAddress peer(int last) {
    return new InetSocketAddress(InetAddress.ofLiteral("9.9.9." + last), 7000);
  }
}
