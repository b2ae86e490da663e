package dev.sotto.config.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CommandsTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-12-01T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final RecordedRoles roles = new RecordedRoles();
  private final List<String> events = roles.events;
  private final ProcessSignals signals = new ProcessSignals();

  @Test
  void runStartsTurnAndRelayThenSignallingSaysOneLineAndDrainsWhenAsked() {
    signals.stop();

    assertThat(sotto("run", "--set", "management.signalling-port=0")).isEqualTo(ExitCode.OK);

    assertThat(text(out)).isEqualTo("Sotto is ready: http://127.0.0.1:18080/\n");
    assertThat(events)
        .containsExactly(
            "start turn",
            "start relay",
            "open " + RecordedRoles.RELAY_PORT,
            "start signalling with turn " + RecordedRoles.TURN_PORT,
            "drain signalling",
            "drain relay",
            "drain turn",
            "close signalling",
            "close relay",
            "close turn");
  }

  @Test
  void aRehearsalStopsAsSoonAsAllAnswer() {
    assertThat(sotto("run", "--rehearse", "--set", "management.signalling-port=0"))
        .isEqualTo(ExitCode.OK);

    assertThat(text(out)).startsWith("Sotto is ready: ");
    assertThat(events).endsWith("close signalling", "close relay", "close turn");
  }

  @Test
  void turnAloneHasALineOfItsOwn() {
    signals.stop();

    assertThat(sotto("turn", "--set", "management.turn-port=0")).isEqualTo(ExitCode.OK);

    assertThat(text(out)).isEqualTo("Sotto turn is ready: turn:127.0.0.1:13478\n");
    assertThat(events).containsExactly("start turn", "drain turn", "close turn");
  }

  @Test
  void aRelayAloneHasALineOfItsOwn() {
    signals.stop();

    assertThat(sotto("relay", "--set", "management.relay-port=0")).isEqualTo(ExitCode.OK);

    assertThat(text(out)).isEqualTo("Sotto relay is ready: udp://127.0.0.1:20000\n");
    assertThat(events).containsExactly("start relay", "drain relay", "close relay");
  }

  @Test
  void signallingAloneHasALineOfItsOwn() {
    signals.stop();

    assertThat(sotto("signalling", "--set", "management.signalling-port=0")).isEqualTo(ExitCode.OK);

    assertThat(text(out)).isEqualTo("Sotto signalling is ready: http://127.0.0.1:18080/\n");
    assertThat(events).containsExactly("start signalling", "drain signalling", "close signalling");
  }

  @Test
  void aPortThatIsTakenEndsWithOneLineNamingPortAndSettingAndClosesTheRest() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));

      assertThat(sotto("run", "--set", "management.signalling-port=" + taken.getLocalPort()))
          .isEqualTo(ExitCode.FAILURE);

      assertThat(text(err).lines())
          .singleElement()
          .asString()
          .contains("sotto.management.signalling-port", "port " + taken.getLocalPort());
      assertThat(text(out)).isEmpty();
      assertThat(events).endsWith("close signalling", "close relay", "close turn");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokens.key-source=file tokens.key-file=/nowhere.pem",
        "tokens.key-source=file tokens.key-file=/etc/hostname",
        "tls.certificate=/nowhere.pem tls.key=/nowhere.pem",
        "tls.certificate=/etc/hostname tls.key=/etc/hostname",
        "data-dir=/etc/hostname/data",
        "bind-address=0.0.0.0",
      })
  void aFileOrAddressThatCannotBeUsedIsAConfigurationErrorBeforeAnythingStarts(String settings) {
    List<String> arguments = new ArrayList<>(List.of("run"));
    arguments.addAll(List.of("--set", "data-dir=" + folder.resolve("data")));
    for (String setting : settings.split(" ", -1)) {
      arguments.addAll(List.of("--set", setting));
    }

    assertThat(SottoCommand.execute(host(), arguments.toArray(String[]::new)))
        .isEqualTo(ExitCode.USAGE);

    assertThat(text(err).lines())
        .singleElement()
        .asString()
        .startsWith("sotto." + settings.replaceFirst("(tokens.key-source=file )?([^=]*)=.*", "$2"));
    assertThat(events).isEmpty();
  }

  @Test
  void tokenPrintsATokenAndNothingElse() throws Exception {
    assertThat(sotto("token", "alice", "--ttl", "2h")).isEqualTo(ExitCode.OK);

    SignedJWT token = SignedJWT.parse(text(out).strip());
    assertThat(text(out).lines()).hasSize(1);
    assertThat(text(err)).isEmpty();
    assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("alice");
    assertThat(token.getJWTClaimsSet().getIssueTime()).isEqualTo(CLOCK.instant());
    assertThat(token.getJWTClaimsSet().getExpirationTime())
        .isEqualTo(CLOCK.instant().plus(Duration.ofHours(2)));
  }

  @Test
  void tokenSaysThatAPublicKeyCannotSign() throws Exception {
    sotto("token", "alice");
    String json = Files.readString(folder.resolve("data/token-key.json"));
    Path key =
        Files.writeString(
            folder.resolve("public.json"),
            com.nimbusds.jose.jwk.JWK.parse(json).toPublicJWK().toJSONString());
    out.reset();

    assertThat(
            sotto(
                "token",
                "alice",
                "--set",
                "tokens.key-source=file",
                "--set",
                "tokens.key-file=" + key))
        .isEqualTo(ExitCode.FAILURE);
    assertThat(text(out)).isEmpty();
    assertThat(text(err)).contains("public keys only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " alice", "a\u0000b", "a\nb"})
  void tokenRefusesWhatCannotBeAUser(String user) {
    assertThat(sotto("token", user)).isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("USER must be");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "400d", "soon"})
  void tokenRefusesALifetimeThatIsNone(String lifetime) {
    assertThat(sotto("token", "alice", "--ttl", lifetime)).isEqualTo(ExitCode.USAGE);
    assertThat(text(err).lines()).singleElement().asString().contains(lifetime, "1s to 365d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "run --bogus",
        "run --set turn.prot=1",
        "run --set turn.port=x",
        "relay --set turn.prot=1",
        "run --config missing.yml",
        "run --set turn.port",
        "doctor --set public-address=example.org"
      })
  void whatIsWrongOnTheCommandLineIsOneLineAndStatusTwo(String line) {
    assertThat(SottoCommand.execute(host(), line.isEmpty() ? new String[0] : line.split(" ")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(text(err).lines()).hasSize(1);
    assertThat(events).isEmpty();
  }

  @Test
  void doctorNamesATakenPortAndARemedy() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));

      int status = sotto("doctor", "--set", "http.port=" + taken.getLocalPort());

      assertThat(status).isEqualTo(ExitCode.FAILURE);
      assertThat(text(out))
          .containsPattern(
              "fail +TCP port " + taken.getLocalPort() + " .*sotto.http.port.* cannot be bound")
          .contains("set sotto.http.port")
          .containsPattern("ok +the token key is good");
    }
  }

  @Test
  void doctorIsContentWithAGoodMachine() {
    int status =
        sotto(
            "doctor",
            "--set",
            "http.port=0",
            "--set",
            "https.port=0",
            "--set",
            "xmpp.port=0",
            "--set",
            "xmpp.direct-tls.port=0",
            "--set",
            "turn.port=0",
            "--set",
            "turn.tls.port=0",
            "--set",
            "relay.port=0",
            "--set",
            "management.signalling-port=0");

    assertThat(text(out)).doesNotContainPattern("(?m)^fail");
    assertThat(status).isEqualTo(ExitCode.OK);
  }

  private int sotto(String... arguments) {
    return SottoCommand.execute(
        host(),
        Stream.concat(
                Arrays.stream(arguments),
                Stream.of("--set", "data-dir=" + folder.resolve("data"), "--set", "log.level=warn"))
            .toArray(String[]::new));
  }

  private Host host() {
    return new Host(print(out), print(err), Map.of(), Path.of(""), CLOCK, roles, signals);
  }

  private static PrintStream print(ByteArrayOutputStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
