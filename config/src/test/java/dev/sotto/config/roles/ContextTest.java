package dev.sotto.config.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.config.keys.KeyException;
import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.SettingsLoader;
import dev.sotto.signalling.TlsIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextTest {
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir private Path folder;

  @Test
  void keyFilesAreReadOnceSoThatEveryRoleGetsWhatWasChecked() throws IOException {
    Context context = Context.of(settings(), CLOCK);
    context.checkKeys();
    TlsIdentity checked = context.tls();
    String secret = context.turnSecrets().getFirst().value();

    spoil(folder.resolve("data"));

    assertThat(context.tls()).isSameAs(checked);
    assertThat(context.tokenKeys().signingKey()).isPresent();
    assertThat(TurnWiring.settings(context).sharedSecrets()).containsExactly(secret);
    assertThat(TurnWiring.settings(context).tls().orElseThrow().chain()).isEqualTo(checked.chain());
    assertThatThrownBy(() -> Context.of(settings(), CLOCK).checkKeys())
        .as("another context reads them again")
        .isInstanceOf(KeyException.class);
  }

  private static void spoil(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> {
            try {
              Files.writeString(file, "spoilt");
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  private Settings settings() {
    return new SettingsLoader(folder)
        .file(Optional.empty())
        .assignments(List.of("data-dir=" + folder.resolve("data")))
        .load();
  }
}
