package dev.sotto.config.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.config.settings.SettingsLoader;
import dev.sotto.relay.conference.ConferenceSettings;
import dev.sotto.relay.worker.RelaySettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayWiringTest {

  @TempDir private Path folder;

  @Test
  void thePackedFilesConferencesAreTheRelaysOwnDefaults() {
    assertThat(settings().conference()).isEqualTo(ConferenceSettings.DEFAULT);
  }

  @Test
  void theGatherTimeIsTheTickOfPacing() {
    assertThat(settings("relay.gather-time=250us").conference().pacing().tickNanos())
        .isEqualTo(250_000);
    assertThat(settings("relay.gather-time=0ms").conference().pacing().tickNanos()).isZero();
  }

  private RelaySettings settings(String... assignments) {
    List<String> all = new ArrayList<>(List.of(assignments));
    all.add("data-dir=" + folder);
    return RelayWiring.settings(new SettingsLoader().assignments(all).load());
  }
}
