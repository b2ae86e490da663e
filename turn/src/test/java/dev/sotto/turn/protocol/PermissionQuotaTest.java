package dev.sotto.turn.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.TrafficLimits;
import dev.sotto.turn.TurnSettings;
import dev.sotto.turn.auth.TimeLimitedCredentials;
import dev.sotto.turn.peer.Cidr;
import dev.sotto.turn.peer.OwnAddresses;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Permissions of a user and in total")
class PermissionQuotaTest {

  /** Every way for permissions to end. */
  enum End {
    PERMISSION_EXPIRED,
    ALLOCATION_DELETED,
    ALLOCATION_EXPIRED_BEFORE_ITS_PERMISSION,
    ALLOCATION_FOUND_EXPIRED,
    CONNECTION_CLOSED,
    SHUT_DOWN,
    REFUSED_AFTER_A_RELOAD
  }

  @Test
  void section_10_2_a_user_may_hold_so_many_over_all_allocations() {
    World world = world(3, 100);
    TurnClient first = allocated(world.client(4000));
    TurnClient second = allocated(world.client(4001));
    assertThat(first.permit(peer(1), peer(2)).isSuccess()).isTrue();
    assertThat(second.permit(peer(1), peer(2)).errorCode())
        .as("a request is granted whole or not at all")
        .isEqualTo(508);
    assertThat(second.permit(peer(2)).isSuccess()).isTrue();
    assertThat(first.permit(peer(3)).errorCode()).isEqualTo(508);
    assertThat(world.dropped(DropReason.USER_PERMISSIONS)).isEqualTo(2);
    assertThat(held(world)).isEqualTo(3);

    TurnClient bob = allocated(world.client(4002).as("bob", "builder"));
    assertThat(bob.permit(peer(1), peer(2), peer(3)).isSuccess()).as("bob has his own").isTrue();
  }

  @Test
  void section_12_2_the_permission_of_a_channel_counts() {
    World world = world(2, 100);
    TurnClient alice = allocated(world.client(4000));
    assertThat(alice.bind(0x4000, peer(1)).isSuccess()).isTrue();
    assertThat(alice.permit(peer(2)).isSuccess()).isTrue();
    assertThat(alice.bind(0x4001, peer(3)).errorCode()).isEqualTo(508);
    assertThat(alice.bind(0x4001, peer(2)).isSuccess()).as("permitted already").isTrue();
    assertThat(held(world)).isEqualTo(2);
    assertThat(world.dropped(DropReason.USER_PERMISSIONS)).isOne();
  }

  @Test
  void section_10_2_all_users_share_those_of_the_server() {
    World world = world(3, 4);
    TurnClient alice = allocated(world.client(4000));
    TurnClient bob = allocated(world.client(4001).as("bob", "builder"));
    assertThat(alice.permit(peer(1), peer(2), peer(3)).isSuccess()).isTrue();
    assertThat(bob.permit(peer(1), peer(2)).errorCode()).isEqualTo(508);
    assertThat(bob.bind(0x4000, peer(1)).isSuccess()).isTrue();
    assertThat(bob.bind(0x4001, peer(2)).errorCode()).isEqualTo(508);
    assertThat(world.dropped(DropReason.TOTAL_PERMISSIONS)).isEqualTo(2);
    assertThat(world.dropped(DropReason.USER_PERMISSIONS)).isZero();

    alice.refresh(0);
    assertThat(bob.permit(peer(2)).isSuccess()).isTrue();
  }

  @Test
  void section_9_who_holds_all_there_are_renews_them_and_counts_no_more() {
    World world = world(2, 2);
    TurnClient alice = allocated(world.client(4000));
    for (int minute = 0; minute < 9; minute++) {
      assertThat(alice.permit(peer(1), peer(1), peer(2)).isSuccess()).isTrue();
      assertThat(alice.bind(0x4000, peer(2)).isSuccess()).isTrue();
      world.passSeconds(60);
    }
    assertThat(held(world)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void however_permissions_end_others_take_their_place(End end) {
    World world = world(1, 1);
    TurnClient alice = allocated(world.client(4000));
    assertThat(alice.bind(0x4000, peer(1)).isSuccess()).isTrue();
    end(end, world, alice);
    assertThat(held(world)).isZero();
    assertThat(world.shared.permissionQuotas().owners()).isZero();

    TurnClient bob = allocated(world.client(5000).as("bob", "builder"));
    assertThat(bob.permit(peer(2)).isSuccess()).isTrue();
  }

  @Test
  void a_reload_takes_away_what_it_refuses_and_the_rest_goes_on_counting() {
    World world = world(3, 3);
    TurnClient alice = allocated(world.client(4000));
    alice.permit(peer(1), peer(2), peer(3));
    deny(world, "9.9.9.2");
    assertThat(held(world)).isEqualTo(2);
    assertThat(alice.permit(peer(4), peer(5)).errorCode()).isEqualTo(508);
    assertThat(alice.permit(peer(4)).isSuccess()).isTrue();
  }

  @Test
  void a_request_that_is_refused_for_something_else_holds_nothing() {
    World world =
        new World(
            new World.Options()
                .permissions(2)
                .permissionQuotas(10, 10)
                .traffic(new TrafficLimits(0, 0, 0, 1, 0)));
    TurnClient alice = allocated(world.client(4000));
    assertThat(alice.permit(peer(1), peer(2), peer(3)).errorCode())
        .as("more than the allocation may have")
        .isEqualTo(508);
    assertThat(alice.permit(peer(1), inside()).errorCode()).isEqualTo(403);
    assertThat(alice.bind(0x3FFF, peer(1)).errorCode()).as("no channel number").isEqualTo(400);
    assertThat(held(world)).isZero();

    alice.permit(peer(1), peer(2));
    TurnClient other = allocated(world.client(4001));
    assertThat(other.permit(peer(3)).errorCode()).as("a peer too many a second").isEqualTo(508);
    assertThat(other.bind(0x4000, peer(3)).errorCode()).isEqualTo(508);
    assertThat(world.dropped(DropReason.NEW_PEERS_RATE)).isEqualTo(2);
    assertThat(world.dropped(DropReason.USER_PERMISSIONS)).isZero();
    assertThat(held(world)).isEqualTo(2);
  }

  @Test
  void peers_that_there_is_no_room_for_do_not_count_as_turned_to() {
    World world =
        new World(
            new World.Options().permissionQuotas(2, 10).traffic(new TrafficLimits(0, 0, 0, 2, 2)));
    TurnClient alice = allocated(world.client(4000));
    for (int attempt = 0; attempt < 10; attempt++) {
      assertThat(alice.permit(peer(1), peer(2), peer(3)).errorCode()).isEqualTo(508);
    }
    assertThat(alice.permit(peer(1), peer(2)).isSuccess()).isTrue();
    TurnClient bob = allocated(world.client(4001).as("bob", "builder"));
    assertThat(bob.permit(peer(1), peer(2)).isSuccess()).isTrue();
    assertThat(world.dropped(DropReason.USER_PERMISSIONS)).isEqualTo(10);
  }

  @Test
  void a_user_with_renewed_credentials_is_the_same_user() {
    World world = world(1, 10);
    TurnClient early = allocated(timeLimited(world, 4000, 600));
    TurnClient late = allocated(timeLimited(world, 4001, 900));
    assertThat(early.permit(peer(1)).isSuccess()).isTrue();
    assertThat(late.permit(peer(1)).errorCode()).isEqualTo(508);
  }

  @Test
  void limits_of_permissions_are_on_by_default_and_cannot_be_zero() {
    TurnSettings settings = TurnSettings.builder().build();
    assertThat(settings.permissionsPerUser()).isEqualTo(4096);
    assertThat(settings.permissionsInTotal()).isEqualTo(262_144);
    assertThat(settings.traffic().newPeersPerSecondInTotal()).isEqualTo(10_000);
    assertThatThrownBy(() -> TurnSettings.builder().permissionQuotas(0, 1).build())
        .hasMessageContaining("quotas of permissions");
    assertThatThrownBy(() -> TurnSettings.builder().permissionQuotas(1, 0).build())
        .hasMessageContaining("quotas of permissions");
  }

  private static void end(End end, World world, TurnClient alice) {
    switch (end) {
      case PERMISSION_EXPIRED -> world.passSeconds(300);
      case ALLOCATION_DELETED -> assertThat(alice.refresh(0).isSuccess()).isTrue();
      case ALLOCATION_EXPIRED_BEFORE_ITS_PERMISSION -> {
        world.passSeconds(299);
        alice.permit(peer(1));
        world.passSeconds(299);
        alice.permit(peer(1));
        world.passSeconds(2);
      }
      case ALLOCATION_FOUND_EXPIRED -> {
        world.passSecondsUnnoticed(600);
        assertThat(alice.permit(peer(1)).errorCode()).isEqualTo(437);
      }
      case CONNECTION_CLOSED -> world.worker.onLinkClosed(world.link());
      case SHUT_DOWN -> world.worker.shutDown();
      case REFUSED_AFTER_A_RELOAD -> deny(world, "9.9.9.1");
    }
  }

  private static World world(int perUser, int inTotal) {
    return new World(new World.Options().permissionQuotas(perUser, inTotal));
  }

  private static int held(World world) {
    return world.shared.permissionQuotas().current();
  }

  private static TurnClient timeLimited(World world, int port, int seconds) {
    String username =
        TimeLimitedCredentials.usernameFor(world.clock.epochSeconds() + seconds, "dora");
    return world
        .client(port)
        .as(username, TimeLimitedCredentials.passwordFor(World.SECRET, username));
  }

  private static void deny(World world, String block) {
    world
        .shared
        .peerPolicy()
        .replace(
            List.of(),
            List.of(Cidr.parse(block)),
            new OwnAddresses(List.of(World.RELAY_IPV4, World.RELAY_IPV6)));
    world.worker.onPolicyChange();
  }

  private static TurnClient allocated(TurnClient client) {
    client.allocate();
    return client;
  }

  private static InetSocketAddress inside() {
    return new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 7000);
  }

  private static InetSocketAddress peer(int last) {
    return new InetSocketAddress(InetAddress.ofLiteral("9.9.9." + last), 7000);
  }
}
