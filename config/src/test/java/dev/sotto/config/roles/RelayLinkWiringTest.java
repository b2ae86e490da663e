package dev.sotto.config.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.config.settings.SettingsException;
import dev.sotto.config.settings.SettingsLoader;
import dev.sotto.relay.link.LinkSettings;
import dev.sotto.relay.link.ServerSecurity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayLinkWiringTest {

  private static final String HOST = "relay.signalling.host=xmpp.example.org";
  private static final String JID = "relay.signalling.jid=eu1@relays.example.org";
  private static final String SECRET = "relay.signalling.secret=a-secret";
  private static final String FOCUS = "relay.signalling.focuses=focus@example.org";

  @TempDir private Path folder;

  @Test
  void aRelayWithoutAHostIsCommandedOverRestOnly() {
    assertThat(link()).isEmpty();
  }

  @Test
  void whoMayCommandItAndAsWhomItSignsInAreTheSettings() {
    LinkSettings link = link(HOST, JID, SECRET, FOCUS, "relay.region=eu").orElseThrow();

    assertThat(link.host()).isEqualTo("xmpp.example.org");
    assertThat(link.port()).isEqualTo(5222);
    assertThat(link.self().toString()).isEqualTo("eu1@relays.example.org/relay");
    assertThat(link.focuses()).extracting(Object::toString).containsExactly("focus@example.org");
    assertThat(link.region()).isEqualTo("eu");
    assertThat(link.security()).isInstanceOf(ServerSecurity.Authorities.class);
  }

  @Test
  void onThisHostNoTlsIsNeeded() {
    assertThat(link("relay.signalling.host=127.0.0.1", JID, SECRET, FOCUS).orElseThrow().security())
        .isInstanceOf(ServerSecurity.PlainOnLoopback.class);
  }

  @Test
  void aPinTakesThePlaceOfAuthorities() {
    String pin = "ab".repeat(32);
    assertThat(
            link(HOST, JID, SECRET, FOCUS, "relay.signalling.certificate-pins=" + pin)
                .orElseThrow()
                .security())
        .isEqualTo(new ServerSecurity.Pinned(java.util.Set.of(pin)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jid", "secret", "focuses"})
  void whatIsMissingIsNamedWithAnExample(String key) {
    List<String> assignments = new ArrayList<>(List.of(HOST, JID, SECRET, FOCUS));
    assignments.removeIf(assignment -> assignment.startsWith("relay.signalling." + key + "="));

    assertThatThrownBy(() -> link(assignments.toArray(String[]::new)))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("sotto.relay.signalling." + key + ": ")
        .hasMessageContaining("such as");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relay.signalling.jid=nobody",
        "relay.signalling.focuses=@",
        "relay.signalling.certificate-pins=abcd"
      })
  void whatCannotBeIsRefusedBeforeAnythingListens(String assignment) {
    assertThatThrownBy(() -> link(HOST, JID, SECRET, FOCUS, assignment))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("sotto.relay.signalling.");
  }

  private Optional<LinkSettings> link(String... assignments) {
    List<String> all = new ArrayList<>(List.of(assignments));
    all.add("data-dir=" + folder.resolve("data"));
    return RelayLinkWiring.settings(
        new SettingsLoader(folder).file(Optional.empty()).assignments(all).load());
  }
}
