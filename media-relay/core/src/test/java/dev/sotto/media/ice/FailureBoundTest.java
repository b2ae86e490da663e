package dev.sotto.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Checks that fail cost a bounded amount of work and no memory")
class FailureBoundTest {
  private static final int FLOOD = 10_000;

  private final IceWorld world = new IceWorld();
  private final IceCredentials local = world.session.localCredentials();
  private final byte[] forged =
      Check.from(local.ufrag() + ":p").integrity("anotherPasswordOf22Chr").fingerprint().bytes();

  @Test
  void a_stranger_that_guesses_is_soon_not_listened_to() {
    for (int i = 0; i < FLOOD; i++) {
      world.receive(forged, IceWorld.WIFI);
    }

    assertThat(world.responder.count(CheckResult.WRONG_INTEGRITY)).isLessThanOrEqualTo(11);
    assertThat(world.responder.count(CheckResult.OVER_BUDGET)).isGreaterThan(FLOOD - 20);
    assertThat(world.sent).hasSizeLessThanOrEqualTo(11);
    assertThat(world.events).isEmpty();
  }

  @Test
  void other_ports_of_its_host_do_not_help_it() {
    for (int i = 0; i < FLOOD; i++) {
      world.receive(forged, new InetSocketAddress(IceWorld.WIFI.getAddress(), 1 + i));
    }

    assertThat(world.responder.count(CheckResult.WRONG_INTEGRITY)).isLessThanOrEqualTo(11);
  }

  @Test
  void nor_do_other_addresses_of_its_ipv6_network() {
    for (int i = 0; i < FLOOD; i++) {
      world.receive(forged, IceWorld.address("2001:db8::" + Integer.toHexString(i), 1000));
    }

    assertThat(world.responder.count(CheckResult.WRONG_INTEGRITY)).isLessThanOrEqualTo(11);
  }

  @Test
  void it_may_try_again_after_a_while() {
    for (int i = 0; i < FLOOD; i++) {
      world.receive(forged, IceWorld.WIFI);
    }
    world.pass(10);

    assertThat(world.check(IceWorld.WIFI)).isEqualTo(CheckResult.ANSWERED);
  }

  @Test
  void who_has_authenticated_is_answered_though_strangers_of_its_host_guess() {
    world.nominate(IceWorld.WIFI);
    for (int i = 0; i < FLOOD; i++) {
      world.receive(forged, new InetSocketAddress(IceWorld.WIFI.getAddress(), 1 + i % 4000));
    }

    assertThat(world.check(IceWorld.WIFI)).isEqualTo(CheckResult.ANSWERED);
  }

  @Test
  void one_who_forges_a_valid_address_is_bounded_too() {
    world.nominate(IceWorld.WIFI);
    for (int i = 0; i < FLOOD; i++) {
      world.receive(forged, IceWorld.WIFI);
    }

    assertThat(world.responder.count(CheckResult.WRONG_INTEGRITY)).isLessThanOrEqualTo(101);
  }

  @Test
  void failures_in_one_session_do_not_count_in_another_of_the_same_host() {
    for (int i = 0; i < FLOOD; i++) {
      world.receive(forged, IceWorld.WIFI);
    }
    IceSession other = world.responder.open(world.random, world);

    assertThat(world.receive(IceWorld.checkOf(other.localCredentials()), IceWorld.WIFI))
        .isEqualTo(CheckResult.ANSWERED);
  }

  @Test
  void checks_of_a_session_that_is_gone_get_few_refusals_and_hinder_no_new_one() {
    byte[] stale = IceWorld.checkOf(local);
    world.session.close();
    for (int i = 0; i < FLOOD; i++) {
      assertThat(world.receive(stale, IceWorld.WIFI)).isEqualTo(CheckResult.UNKNOWN_USER);
    }
    assertThat(world.sent).hasSizeLessThanOrEqualTo(11);

    IceSession next = world.responder.open(world.random, world);
    assertThat(world.receive(IceWorld.checkOf(next.localCredentials()), IceWorld.WIFI))
        .isEqualTo(CheckResult.ANSWERED);
  }

  @Test
  void ten_thousand_sessions_that_never_get_a_check_cost_nothing_but_their_entry() {
    for (int i = 0; i < FLOOD; i++) {
      IceSession session = world.responder.open(world.random, world);
      assertThat(session.nextTimerNanos()).isEqualTo(Long.MAX_VALUE);
    }

    assertThat(world.check(IceWorld.WIFI)).isEqualTo(CheckResult.ANSWERED);
  }
}
