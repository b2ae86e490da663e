package dev.sotto.config.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsChangesTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @Test
  void whatIsReloadableIsTakenUpAndTheRestNamedByItsKey() {
    SettingsChanges changes =
        SettingsChanges.between(
            settings(),
            settings(
                "turn.deny-peers=203.0.113.0/24",
                "turn.users=carol:let-me-in",
                "drain-timeout=3s",
                "http.port=8081",
                "turn.limits.allocations=7",
                "log.level=debug"));

    assertThat(changes.needingRestart())
        .containsExactly("sotto.http.port", "sotto.turn.limits.allocations");
    assertThat(changes.merged())
        .isEqualTo(
            settings(
                "turn.deny-peers=203.0.113.0/24",
                "turn.users=carol:let-me-in",
                "drain-timeout=3s",
                "log.level=debug"));
  }

  @Test
  void equalSettingsChangeNothing() {
    SettingsChanges changes = SettingsChanges.between(settings(), settings());

    assertThat(changes.needingRestart()).isEmpty();
    assertThat(changes.merged()).isEqualTo(settings());
  }

  @Test
  void anotherPublicAddressOfTheSameListenersIsTakenUp() {
    Settings running = open("public-address=192.0.2.1");
    Settings wanted = open("public-address=192.0.2.2");

    assertThat(SettingsChanges.between(running, wanted))
        .isEqualTo(new SettingsChanges(wanted, List.of()));
  }

  /** The development key of a server that only this host reaches must not count for strangers. */
  @Test
  void openingTheServerToOthersTakesANewStart() {
    SettingsChanges changes =
        SettingsChanges.between(settings(), open("public-address=192.0.2.1", "drain-timeout=3s"));

    assertThat(changes.needingRestart())
        .containsExactly("sotto.public-address", "sotto.tokens.key-source", "sotto.tokens.secret");
    assertThat(changes.merged()).isEqualTo(settings("drain-timeout=3s"));
  }

  private static Settings open(String... assignments) {
    List<String> all = new java.util.ArrayList<>(List.of(assignments));
    all.add("tokens.key-source=secret");
    all.add("tokens.secret=" + SECRET);
    return settings(all.toArray(String[]::new));
  }

  private static Settings settings(String... assignments) {
    return new SettingsLoader().assignments(List.of(assignments)).load();
  }
}
