package dev.sotto.media.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8445 section 9: an ICE restart leaves no gap in media")
class IceRestartTest {
  private final IceWorld world = new IceWorld();
  private final IceCredentials first = world.session.localCredentials();

  @Test
  void section_9_media_stays_where_it_was_until_the_new_credentials_nominate() {
    world.nominate(IceWorld.WIFI);

    IceCredentials second = world.session.restart(world.random);
    assertThat(second).isNotEqualTo(first).isEqualTo(world.session.localCredentials());
    world.receive(IceWorld.checkOf(second), IceWorld.MOBILE);

    assertThat(world.session.isRestarting()).isTrue();
    assertThat(world.session.selectedAddress()).contains(IceWorld.WIFI);
    assertThat(world.session.maySend(world.now)).isTrue();

    world.nominate(second, IceWorld.MOBILE);

    assertThat(world.session.isRestarting()).isFalse();
    assertThat(world.session.selectedAddress()).contains(IceWorld.MOBILE);
    assertThat(world.session.maySend(world.now)).isTrue();
  }

  @Test
  void checks_under_both_are_answered_meanwhile_and_renew_consent() {
    world.nominate(IceWorld.WIFI);
    IceCredentials second = world.session.restart(world.random);
    for (int i = 0; i < 5; i++) {
      world.pass(20);
      assertThat(world.receive(IceWorld.checkOf(first), IceWorld.WIFI))
          .isEqualTo(CheckResult.ANSWERED);
      assertThat(world.receive(IceWorld.checkOf(second), IceWorld.MOBILE))
          .isEqualTo(CheckResult.ANSWERED);
    }

    assertThat(world.session.maySend(world.now)).isTrue();
    assertThat(world.events).doesNotContain("consent lost");
  }

  @Test
  void a_nomination_under_the_old_credentials_still_moves_media_and_ends_no_restart() {
    world.nominate(IceWorld.WIFI);
    world.session.restart(world.random);

    world.nominate(first, IceWorld.MOBILE);

    assertThat(world.session.selectedAddress()).contains(IceWorld.MOBILE);
    assertThat(world.session.isRestarting()).isTrue();
  }

  @Test
  void the_old_credentials_are_worth_nothing_once_the_new_ones_have_nominated() {
    world.nominate(IceWorld.WIFI);
    IceCredentials second = world.session.restart(world.random);
    world.nominate(second, IceWorld.WIFI);

    assertThat(world.receive(IceWorld.checkOf(first), IceWorld.WIFI))
        .isEqualTo(CheckResult.UNKNOWN_USER);
    assertThat(world.events).as("the address did not change").hasSize(2);
  }

  @Test
  void a_restart_during_a_restart_replaces_what_has_not_nominated() {
    world.nominate(IceWorld.WIFI);
    IceCredentials second = world.session.restart(world.random);
    IceCredentials third = world.session.restart(world.random);

    assertThat(world.receive(IceWorld.checkOf(second), IceWorld.WIFI))
        .isEqualTo(CheckResult.UNKNOWN_USER);
    assertThat(world.receive(IceWorld.checkOf(first), IceWorld.WIFI))
        .isEqualTo(CheckResult.ANSWERED);
    assertThat(world.nominate(third, IceWorld.MOBILE)).isEqualTo(CheckResult.ANSWERED);
  }

  @Test
  void changed_credentials_of_the_endpoint_are_its_restart_and_the_first_are_not() {
    IceCredentials remote = new IceCredentials("peer", "p".repeat(22));

    assertThat(world.session.remoteCredentials()).isEmpty();
    assertThat(world.session.setRemoteCredentials(remote)).isFalse();
    assertThat(world.session.setRemoteCredentials(remote)).isFalse();
    assertThat(world.session.setRemoteCredentials(new IceCredentials("reep", "q".repeat(22))))
        .isTrue();
    assertThat(world.session.remoteCredentials()).map(IceCredentials::ufrag).contains("reep");
  }

  @Test
  void a_closed_session_answers_neither_and_cannot_restart() {
    IceCredentials second = world.session.restart(world.random);
    world.session.close();

    assertThat(world.receive(IceWorld.checkOf(first), IceWorld.WIFI))
        .isEqualTo(CheckResult.UNKNOWN_USER);
    assertThat(world.receive(IceWorld.checkOf(second), IceWorld.WIFI))
        .isEqualTo(CheckResult.UNKNOWN_USER);
    assertThatThrownBy(() -> world.session.restart(world.random))
        .isInstanceOf(IllegalStateException.class);
  }
}
