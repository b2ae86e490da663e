package dev.sotto.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 7675: nothing is sent to who does not ask for it")
class ConsentTest {
  private final IceWorld world = new IceWorld();

  @Test
  void section_5_1_sending_stops_thirty_seconds_after_the_last_authenticated_check() {
    world.nominate(IceWorld.WIFI);

    world.pass(29.9);
    assertThat(world.session.maySend(world.now)).isTrue();
    world.pass(0.1);

    assertThat(world.session.maySend(world.now)).isFalse();
    assertThat(world.events).last().isEqualTo("consent lost");
  }

  @Test
  void section_5_1_each_check_renews_it() {
    world.nominate(IceWorld.WIFI);
    for (int i = 0; i < 100; i++) {
      world.pass(20);
      world.check(IceWorld.WIFI);
    }

    assertThat(world.session.maySend(world.now)).isTrue();
    assertThat(world.events).containsExactly("valid 5000", "selected 5000");
  }

  @Test
  void a_check_that_was_not_authenticated_renews_nothing() {
    world.nominate(IceWorld.WIFI);
    world.pass(29);
    byte[] forged =
        Check.from(world.session.localCredentials().ufrag() + ":p")
            .integrity("anotherPasswordOf22Chr")
            .fingerprint()
            .bytes();

    world.receive(forged, IceWorld.WIFI);
    world.pass(1);

    assertThat(world.session.maySend(world.now)).isFalse();
  }

  @Test
  void checks_from_another_address_do_not_renew_that_of_the_selected_one() {
    world.nominate(IceWorld.WIFI);
    for (int i = 0; i < 6; i++) {
      world.pass(5);
      if (i < 5) {
        world.check(IceWorld.MOBILE);
      }
    }

    assertThat(world.session.maySend(world.now)).isFalse();
  }

  @Test
  void sending_resumes_with_the_next_check() {
    world.nominate(IceWorld.WIFI);
    world.pass(100);

    world.check(IceWorld.WIFI);

    assertThat(world.session.maySend(world.now)).isTrue();
    assertThat(world.events)
        .containsExactly("valid 5000", "selected 5000", "consent lost", "consent regained");
  }

  @Test
  void sending_resumes_towards_where_the_endpoint_is_heard_from_again() {
    world.nominate(IceWorld.WIFI);
    world.pass(31);

    world.check(IceWorld.MOBILE);

    assertThat(world.session.selectedAddress()).contains(IceWorld.MOBILE);
    assertThat(world.session.maySend(world.now)).isTrue();
    assertThat(world.events).endsWith("valid 6000", "selected 6000", "consent regained");
  }

  @Test
  void an_address_that_is_silent_for_long_is_forgotten() {
    world.nominate(IceWorld.WIFI);
    world.check(IceWorld.MOBILE);
    for (int i = 0; i < 3; i++) {
      world.pass(10);
      world.check(IceWorld.WIFI);
    }

    assertThat(world.events)
        .containsExactly("valid 5000", "selected 5000", "valid 6000", "expired 6000");
  }

  @Test
  void the_timer_says_when_it_has_something_to_do() {
    assertThat(world.session.nextTimerNanos()).isEqualTo(Long.MAX_VALUE);
    world.nominate(IceWorld.WIFI);
    long consentEnds = world.now + 30 * IceWorld.SECOND;
    world.pass(10);
    world.check(IceWorld.MOBILE);

    assertThat(world.session.nextTimerNanos()).isEqualTo(consentEnds);
    world.pass(20);
    assertThat(world.session.nextTimerNanos()).isEqualTo(consentEnds + 10 * IceWorld.SECOND);
    world.pass(10);
    assertThat(world.session.nextTimerNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"valid 5000", "selected 5000", "valid 6000", "expired", "consent lost"})
  void its_owner_may_close_a_session_whatever_it_hears_of_it(String event) {
    world.closingOn = event;
    byte[] check = IceWorld.checkOf(world.session.localCredentials());

    world.nominate(IceWorld.WIFI);
    world.check(IceWorld.MOBILE);
    world.check(IceWorld.IPV6);
    world.pass(31);

    assertThat(world.events).last().asString().startsWith(event);
    assertThat(world.receive(check, IceWorld.WIFI)).isEqualTo(CheckResult.UNKNOWN_USER);
    assertThat(world.session.maySend(world.now)).isFalse();
    assertThat(world.session.nextTimerNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void an_endpoint_cannot_make_the_relay_remember_more_than_a_few_addresses() {
    world.nominate(IceWorld.WIFI);
    for (int i = 0; i < 100; i++) {
      world.now += IceWorld.SECOND / 100;
      world.check(new InetSocketAddress(IceWorld.MOBILE.getAddress(), 10_000 + i));
    }

    assertThat(world.session.selectedAddress()).contains(IceWorld.WIFI);
    assertThat(world.events).filteredOn(event -> event.startsWith("valid")).hasSize(101);
    assertThat(world.events)
        .filteredOn(event -> event.startsWith("expired"))
        .hasSize(101 - IceSession.MAXIMUM_ADDRESSES)
        .startsWith("expired 10000", "expired 10001");
  }
}
