package dev.sotto.config.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {

  @TempDir private Path folder;

  @Test
  void defaultsAreThoseOfThePackedFile() {
    Settings settings = set();

    assertThat(settings.domain().value()).isEqualTo("localhost");
    assertThat(settings.turn().port()).isEqualTo(3478);
    assertThat(settings.turn().relayPorts()).isEqualTo(new PortRange(49_152, 65_535));
    assertThat(settings.tokens().clockSkew()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.limits().stanza().bytes()).isEqualTo(256 * 1024);
    assertThat(settings.publicAddress()).isEmpty();
  }

  @Test
  void everyKeyStandsInThePackedFileWithACommentOnItsLine() {
    Map<String, Object> packed = Layer.ofYaml("packed", SettingsLoader.packedDefaults()).values();

    assertThat(packed.keySet())
        .containsExactlyElementsOf(SettingKey.all().stream().map(SettingKey::path).toList());
    assertThat(
            SettingsLoader.packedDefaults()
                .lines()
                .filter(line -> line.matches("  .*") && !line.matches(" *[a-z-]+:")))
        .allSatisfy(line -> assertThat(line).matches(" +[a-z-]+:.* # .+"));
  }

  @Test
  void thePackedFileMarksWhatAReloadTakesUp() {
    assertThat(
            SettingsLoader.packedDefaults()
                .lines()
                .filter(line -> line.matches(" +[a-z-]+:.* # .+"))
                .map(line -> line.endsWith(" (hup)")))
        .containsExactlyElementsOf(
            SettingKey.all().stream()
                .map(key -> key.component().isAnnotationPresent(Reloadable.class))
                .toList());
  }

  @Test
  void noTwoKeysShareAnEnvironmentVariable() {
    assertThat(SettingKey.all().stream().map(SettingKey::environmentVariable))
        .doesNotHaveDuplicates()
        .doesNotContain("SOTTO_JAVA_HOME", "SOTTO_JAVA_OPTS");
  }

  @Test
  void theLastSourceWins() throws IOException {
    Path file = file("sotto: {turn: {port: 1000, realm: file}, http: {port: 1001}}");

    Settings settings =
        new SettingsLoader()
            .file(Optional.of(file))
            .environment(Map.of("SOTTO_TURN_PORT", "2000", "SOTTO_TURN_REALM", "environment"))
            .assignments(List.of("sotto.turn.port=3000", "turn.port=4000"))
            .load();

    assertThat(settings.turn().port()).isEqualTo(4000);
    assertThat(settings.turn().realm()).contains("environment");
    assertThat(settings.http().port()).isEqualTo(1001);
    assertThat(settings.https().port()).isEqualTo(8443);
  }

  /** ./sotto is called from anywhere, and must find the same keys. */
  @Test
  void relativeFileNamesCountFromTheHome() throws IOException {
    Files.createDirectories(folder.resolve("config"));
    Files.writeString(folder.resolve("config/sotto.yml"), "sotto: {turn: {realm: mine}}");
    Files.writeString(folder.resolve("secret"), "x".repeat(32));

    Settings settings =
        new SettingsLoader(folder)
            .file(Optional.empty())
            .assignments(List.of("turn.secrets=file:secret", "tls.key=/a/key", "tls.certificate=c"))
            .load();

    assertThat(settings.turn().realm()).contains("mine");
    assertThat(settings.dataDir()).isEqualTo(folder.resolve("data"));
    assertThat(settings.turn().secrets()).containsExactly(new Secret("x".repeat(32)));
    assertThat(settings.tls().key()).contains(Path.of("/a/key"));
    assertThat(settings.tls().certificate()).contains(folder.resolve("c"));
  }

  @Test
  void anAddressOffLoopbackNeedsAPublicOne() {
    assertThatThrownBy(() -> set("bind-address=192.0.2.1"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("sotto.bind-address: \"192.0.2.1\"")
        .hasMessageContaining("sotto.public-address");
    assertThat(set("bind-address=::1").bindAddress()).isPresent();
  }

  @Test
  void aPublicServerWithTheGeneratedCertificateIsWarnedOf() {
    SettingsLoader loader =
        new SettingsLoader()
            .assignments(
                List.of(
                    "public-address=calls.example.org",
                    "tokens.key-source=secret",
                    "tokens.secret=" + "x".repeat(32)));

    var _ = loader.load();

    assertThat(loader.warnings()).singleElement().asString().contains("sotto.tls.certificate");
  }

  @Test
  void aRateBelowOnePacketIsRefused() {
    assertThatThrownBy(() -> set("turn.limits.kilobits-per-second-per-user=5"))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("sotto.turn.limits.kilobits-per-second-per-user: 5 ");
    assertThat(set("turn.limits.kilobits-per-second-per-user=0").turn().limits())
        .extracting(Settings.TurnLimits::kilobitsPerSecondPerUser)
        .isEqualTo(0);
  }

  @Test
  void valuesStayAsTheyAreWritten() throws IOException {
    Path file = file("sotto: {turn: {users: [\"alice:0123\"], realm: 0123}}");

    Settings settings = new SettingsLoader().file(Optional.of(file)).load();

    assertThat(settings.turn().realm()).contains("0123");
    assertThat(settings.turn().users())
        .containsExactly(new UserAccount("alice", new Secret("0123")));
  }

  @Test
  void listsOnOneLineAreReadWithAndWithoutBrackets() {
    assertThat(set("turn.deny-peers=10.0.0.0/8, fd00::/8").turn().denyPeers())
        .isEqualTo(set("turn.deny-peers=[10.0.0.0/8, 'fd00::/8']").turn().denyPeers())
        .hasSize(2);
    assertThat(set("turn.deny-peers=").turn().denyPeers()).isEmpty();
  }

  @Test
  void aSecretMayStandInAFileOfItsOwn() throws IOException {
    Path file = file("0123456789abcdef0123456789abcdef\n");

    Settings settings = set("tokens.key-source=secret", "tokens.secret=file:" + file);

    assertThat(settings.tokens().secret()).contains(new Secret("0123456789abcdef0123456789abcdef"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          turn.prot=1               | sotto.turn.prot (--set): no such setting; did you mean sotto.turn.port?
          port=1                    | sotto.port (--set): no such setting; did you mean sotto.http.port?
          turn.port=65536           | sotto.turn.port (--set): "65536" is not allowed; it takes a whole number from 0 to 65535
          turn.port=-1              | sotto.turn.port (--set): "-1" is not allowed; it takes a whole number from 0 to 65535
          turn.port=                | sotto.turn.port (--set): "" is not allowed; it takes a whole number from 0 to 65535
          https.enabled=yes         | sotto.https.enabled (--set): "yes" is not allowed; it takes true or false
          contacts=all              | sotto.contacts (--set): "all" is not allowed; it takes one of everyone, nobody
          drain-timeout=10          | sotto.drain-timeout (--set): "10" is not allowed; it takes a duration from 0s to 1h, such as 500ms, 30s, 10m, 1h or 7d
          relay.gather-time=11ms    | sotto.relay.gather-time (--set): "11ms" is not allowed; it takes a duration from 0ms to 10ms, such as 500ms, 30s, 10m, 1h or 7d
          limits.queue=1MB          | sotto.limits.queue (--set): "1MB" is not allowed; it takes a size from 16KiB to 256MiB, such as 512, 64KiB or 1MiB
          limits.queue=512MiB       | sotto.limits.queue (--set): "512MiB" is not allowed; it takes a size from 16KiB to 256MiB, such as 512, 64KiB or 1MiB
          turn.relay-ports=9-8      | sotto.turn.relay-ports (--set): "9-8" is not allowed; it takes two ports from 1 to 65535, such as 49152-65535
          turn.deny-peers=10.0.0/99 | sotto.turn.deny-peers (--set): "10.0.0/99" is not allowed; it takes an IP address or a block of them, such as 10.0.0.0/8
          bind-address=localhost    | sotto.bind-address (--set): "localhost" is not allowed; it takes an IP address
          domain=-x                 | sotto.domain (--set): "-x" is not allowed; it takes a host name or an IP address
          turn.advertise=ftp:x      | sotto.turn.advertise (--set): "ftp:x" is not allowed; it takes a server such as turn:turn.example.org:3478?transport=udp
          turn.alternate-server=2001:db8::7:3478 | sotto.turn.alternate-server (--set): "2001:db8::7:3478" is not allowed; it takes an IP address and a port, such as 192.0.2.7:3478 or [2001:db8::7]:3478
          turn.alternate-server=192.0.2.7 | sotto.turn.alternate-server (--set): "192.0.2.7" is not allowed; it takes an IP address and a port, such as 192.0.2.7:3478 or [2001:db8::7]:3478
          turn=1                    | sotto.turn (--set): is a group of settings and takes no value
          tls.key=k.pem             | sotto.tls.certificate and sotto.tls.key: set both or neither
          tokens.key-source=file    | sotto.tokens.key-file: must name a PEM, JWK or JWK set file when sotto.tokens.key-source is file
          tokens.key-source=secret  | sotto.tokens.secret: must have at least 32 bytes when sotto.tokens.key-source is secret; it has 0
          """)
  void aWrongSettingIsOneLineWithKeyValueAndWhatIsAllowed(String assignment, String message) {
    assertThatThrownBy(() -> set(assignment))
        .isInstanceOf(SettingsException.class)
        .hasMessage(message);
  }

  @Test
  void theDevelopmentKeyIsRefusedOnceThereIsAPublicAddress() {
    assertThatThrownBy(() -> set("public-address=calls.example.org"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("sotto.tokens.key-source")
        .hasMessageContaining("sotto.public-address")
        .hasMessageContaining("sotto.tokens.key-file");
  }

  @Test
  void everythingListensOnLoopbackUntilThereIsAPublicAddress() {
    String secret = "tokens.secret=0123456789abcdef0123456789abcdef";

    assertThat(set().listenAddress().isLoopbackAddress()).isTrue();
    assertThat(
            set("public-address=calls.example.org", "tokens.key-source=secret", secret)
                .listenAddress()
                .isAnyLocalAddress())
        .isTrue();
    assertThat(set("bind-address=::1").listenAddress().getHostAddress())
        .isEqualTo("0:0:0:0:0:0:0:1");
  }

  @ParameterizedTest
  @CsvSource({"turn.users=hunter2", "tokens.secret=file:/nowhere/hunter2"})
  void aWrongSecretIsNotShown(String assignment) {
    assertThatThrownBy(() -> set(assignment)).message().doesNotContain("hunter2");
  }

  @Test
  void secretsAreHiddenInEveryText() throws IOException {
    Settings settings =
        set(
            "turn.secrets=hunter2,hunter3",
            "turn.users=alice:hunter4",
            "tokens.secret=hunter5hunter5hunter5hunter5hunter5");

    assertThat(settings.toString()).contains("alice").doesNotContain("hunter");
    assertThatThrownBy(() ->
            new SettingsLoader()
                .file(Optional.of(file("sotto:\n  turn:\n    secrets: [hunter2\n")))
                .load())
        .isInstanceOf(SettingsException.class)
        .message()
        .contains("is not valid YAML in line")
        .doesNotContain("hunter2");
  }

  @Test
  void anUnknownVariableIsAWarningSinceOrchestratorsInjectSome() {
    SettingsLoader loader =
        new SettingsLoader()
            .environment(Map.of("SOTTO_SERVICE_HOST", "10.0.0.1", "SOTTO_JAVA_OPTS", "-Xmx1g"));

    loader.load();

    assertThat(loader.warnings()).singleElement().asString().contains("SOTTO_SERVICE_HOST");
  }

  @Test
  void aFileThatWasNamedMustBeThere() {
    Path missing = folder.resolve("missing.yml");

    assertThatThrownBy(() -> new SettingsLoader().file(Optional.of(missing)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("--config " + missing);
  }

  @Test
  void unknownKeysOfAFileAreRefusedOutsideOfSottoToo() throws IOException {
    Path file = file("soto: {turn: {port: 1}}");

    assertThatThrownBy(() -> new SettingsLoader().file(Optional.of(file)).load())
        .hasMessage(
            "soto.turn.port (" + file + "): no such setting; did you mean sotto.turn.port?");
  }

  @Test
  void anEmptyHeadingIsNoError() throws IOException {
    assertThat(new SettingsLoader().file(Optional.of(file("sotto:\n  turn:\n"))).load())
        .isEqualTo(set());
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("sotto.yml"), content);
  }

  private static Settings set(String... assignments) {
    return new SettingsLoader().assignments(List.of(assignments)).load();
  }
}
