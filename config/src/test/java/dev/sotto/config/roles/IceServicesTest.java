package dev.sotto.config.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.SettingsLoader;
import dev.sotto.signalling.IceService;
import dev.sotto.signalling.IceService.Credential;
import dev.sotto.signalling.IceService.Transport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IceServicesTest {

  private static final Instant END = Instant.parse("2026-12-01T12:00:00Z");

  @Test
  void withoutOthersThisServerIsToldWithACredentialForTheUser() {
    Optional<Credential> credential = Optional.of(new Credential("1:alice", "password", END));

    assertThat(services(true, "turn.port=3478"))
        .containsExactly(
            new IceService(IceService.Type.STUN, "10.0.0.1", 3478, Transport.UDP, Optional.empty()),
            new IceService(IceService.Type.TURN, "10.0.0.1", 3478, Transport.UDP, credential),
            new IceService(IceService.Type.TURN, "10.0.0.1", 3478, Transport.TCP, credential),
            new IceService(IceService.Type.TURNS, "10.0.0.1", 5349, Transport.TCP, credential));
  }

  @Test
  void tlsIsToldOnlyWhereItIsOnAndClientsCanVerifyIt() {
    assertThat(services(false, "turn.tls.port=5350"))
        .extracting(IceService::type)
        .doesNotContain(IceService.Type.TURNS);
    assertThat(services(true, "turn.tls.enabled=false"))
        .extracting(IceService::type)
        .doesNotContain(IceService.Type.TURNS);
  }

  @Test
  void advertisedServersReplaceIt() {
    List<IceService> services =
        services(true, "turn.advertise=turns:eu.example.org,stun:[2001:db8::1]:19302");

    assertThat(services)
        .extracting(IceService::type, IceService::host, IceService::port, IceService::transport)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                IceService.Type.TURNS, "eu.example.org", 5349, Transport.TCP),
            org.assertj.core.groups.Tuple.tuple(
                IceService.Type.STUN, "2001:db8::1", 19302, Transport.UDP));
    assertThat(services).extracting(s -> s.credential().isPresent()).containsExactly(true, false);
  }

  private static List<IceService> services(boolean tlsIsTrusted, String assignment) {
    Settings settings = new SettingsLoader().assignments(List.of(assignment)).load();
    return new IceServices(
            "10.0.0.1",
            TurnWiring.configuredPorts(settings),
            tlsIsTrusted,
            settings.turn().advertise(),
            user -> new Credential("1:" + user, "password", END))
        .services("alice");
  }
}
