package dev.sotto.relay.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.link.PeerWatch.Due;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("XEP-0199 pings, on a virtual clock")
class PeerWatchTest {
  private static final long SILENCE = 10;
  private static final long ANSWER = 4;

  private long now = 1_000;
  private final PeerWatch watch = new PeerWatch(SILENCE, ANSWER, now);

  @Test
  void a_server_that_speaks_is_not_pinged() {
    for (int i = 0; i < 10; i++) {
      now += SILENCE - 1;
      assertThat(watch.due(now)).isEqualTo(Due.NOTHING);
      watch.heard(now);
    }
  }

  @Test
  void a_silent_server_is_pinged_once() {
    now += watch.waitNanos(now);

    assertThat(now).isEqualTo(1_000 + SILENCE);
    assertThat(watch.due(now)).isEqualTo(Due.PING);
    assertThat(watch.due(now)).isEqualTo(Due.NOTHING);
    assertThat(watch.waitNanos(now)).isEqualTo(ANSWER);
  }

  @Test
  void whoever_stays_silent_is_dead() {
    ping();
    assertThat(watch.due(now + ANSWER - 1)).isEqualTo(Due.NOTHING);
    assertThat(watch.due(now + ANSWER)).isEqualTo(Due.DEAD);
  }

  @Test
  void any_sign_of_life_will_do_also_in_the_very_moment_of_the_ping() {
    ping();
    watch.heard(now);
    assertThat(watch.due(now + ANSWER)).isEqualTo(Due.NOTHING);

    now += SILENCE;
    assertThat(watch.due(now)).isEqualTo(Due.PING);
    watch.heard(now + ANSWER - 1);
    assertThat(watch.due(now + ANSWER)).isEqualTo(Due.NOTHING);
  }

  private void ping() {
    now += SILENCE;
    assertThat(watch.due(now)).isEqualTo(Due.PING);
  }
}
