package dev.sotto.config.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.SettingsLoader;
import dev.sotto.turn.TurnSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnWiringTest {

  @TempDir private Path folder;

  @Test
  void thePackedFilesQuotasAreTheServersOwnDefaults() {
    TurnSettings defaults = TurnSettings.builder().build();

    assertThat(settings())
        .usingRecursiveComparison()
        .comparingOnlyFields(
            "allocationsPerUser",
            "allocationsInTotal",
            "traffic",
            "permissionsPerAllocation",
            "permissionsPerUser",
            "permissionsInTotal")
        .isEqualTo(defaults);
  }

  @Test
  void eachQuotaReachesTheServerUnderItsOwnName() {
    TurnSettings settings =
        settings(
            "turn.limits.permissions=13",
            "turn.limits.permissions-per-user=12",
            "turn.limits.permissions-per-allocation=11",
            "turn.limits.new-peers-per-second=22",
            "turn.limits.new-peers-per-second-per-user=21");

    assertThat(settings.permissionsInTotal()).isEqualTo(13);
    assertThat(settings.permissionsPerUser()).isEqualTo(12);
    assertThat(settings.permissionsPerAllocation()).isEqualTo(11);
    assertThat(settings.traffic().newPeersPerSecondInTotal()).isEqualTo(22);
    assertThat(settings.traffic().newPeersPerSecondPerUser()).isEqualTo(21);
  }

  private TurnSettings settings(String... assignments) {
    List<String> all = new ArrayList<>(List.of(assignments));
    all.add("turn.tls.enabled=false");
    all.add("data-dir=" + folder);
    Settings settings = new SettingsLoader().assignments(all).load();
    return TurnWiring.settings(Context.of(settings, Clock.systemUTC()));
  }
}
