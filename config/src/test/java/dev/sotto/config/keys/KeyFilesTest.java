package dev.sotto.config.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import dev.sotto.config.settings.HostName;
import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.SettingsException;
import dev.sotto.config.settings.SettingsLoader;
import dev.sotto.signalling.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilesTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-12-01T12:00:00Z"), ZoneOffset.UTC);
  private static final HostName DOMAIN = new HostName("calls.example.org");

  @TempDir private Path temporary;
  private Path folder;
  private DataDirectory data;

  @BeforeEach
  void open() {
    folder = temporary.resolve("state/data");
    data = DataDirectory.open(folder);
  }

  @Test
  void folderAndFilesAreTheirOwnersOnly() throws IOException {
    makeAll();

    assertThat(rights(folder)).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files)
          .hasSizeGreaterThanOrEqualTo(3)
          .allSatisfy(file -> assertThat(rights(file)).isEqualTo("rw-------"));
    }
  }

  @Test
  void keysAreReusedAtTheNextStart() {
    TlsIdentity tls = DevelopmentCertificate.readOrCreate(data, DOMAIN, CLOCK);
    String secret = TurnSecrets.load(List.of(), data).getFirst().value();
    JWK token = TokenKeys.load(settings().tokens(), data).keys().getFirst();

    DataDirectory again = DataDirectory.open(folder);

    assertThat(DevelopmentCertificate.readOrCreate(again, DOMAIN, CLOCK).chain())
        .isEqualTo(tls.chain());
    assertThat(TurnSecrets.load(List.of(), again).getFirst().value()).isEqualTo(secret);
    assertThat(TokenKeys.load(settings().tokens(), again).keys()).containsExactly(token);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls.pem", "token-key.json", "turn-secret.txt"})
  void aDamagedFileIsNamedAndLeftAlone(String name) throws IOException {
    Files.writeString(folder.resolve(name), "{ damaged");

    assertThatThrownBy(this::makeAll)
        .isInstanceOf(KeyException.class)
        .hasMessageContaining(folder.resolve(name) + " is damaged")
        .hasMessageContaining("delete it");
    assertThat(folder.resolve(name)).hasContent("{ damaged");
  }

  @Test
  void theCertificateNamesThisMachineAndTheDomain() throws Exception {
    TlsIdentity tls = DevelopmentCertificate.readOrCreate(data, DOMAIN, CLOCK);

    assertThat(tls.key().getAlgorithm()).isEqualTo("EC");
    assertThat(tls.chain().getFirst().getSubjectAlternativeNames())
        .extracting(name -> (Object) name.getLast())
        .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "calls.example.org");
    tls.chain().getFirst().verify(tls.chain().getFirst().getPublicKey());
  }

  @Test
  void theCertificateIsRenewedBeforeItEndsAndWhenTheDomainChanges() {
    TlsIdentity first = DevelopmentCertificate.readOrCreate(data, DOMAIN, CLOCK);
    TlsIdentity later =
        DevelopmentCertificate.readOrCreate(
            data, DOMAIN, Clock.offset(CLOCK, Duration.ofDays(380)));
    TlsIdentity other = DevelopmentCertificate.readOrCreate(data, new HostName("other"), CLOCK);

    assertThat(later.chain()).isNotEqualTo(first.chain());
    assertThat(other.chain()).isNotEqualTo(later.chain());
  }

  @Test
  void aTokenIsSignedByTheDevelopmentKeyAndEndsInTime() throws Exception {
    JWK key = TokenKeys.load(settings().tokens(), data).signingKey().orElseThrow();

    SignedJWT token =
        SignedJWT.parse(new TokenMint(key, CLOCK).mint("alice", Duration.ofHours(1)).token());

    assertThat(token.verify(new ECDSAVerifier(key.toECKey()))).isTrue();
    assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
    assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("alice");
    assertThat(token.getJWTClaimsSet().getExpirationTime())
        .isEqualTo(Instant.parse("2026-12-01T13:00:00Z"));
  }

  @Test
  void aPublicKeyFileVerifiesAndCannotSign() throws IOException {
    JWK own = TokenKeys.load(settings().tokens(), data).keys().getFirst();
    Path file = Files.writeString(temporary.resolve("key.json"), own.toPublicJWK().toJSONString());

    TokenKeys keys =
        TokenKeys.load(
            settings("tokens.key-source=file", "tokens.key-file=" + file).tokens(), data);

    assertThat(keys.signingKey()).isEmpty();
    assertThat(keys.keys().getFirst().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
  }

  @Test
  void aPublicKeyInPemIsPinnedToTheAlgorithmOfItsKind() throws Exception {
    TlsIdentity tls = DevelopmentCertificate.readOrCreate(data, DOMAIN, CLOCK);
    Path file =
        Files.writeString(
            temporary.resolve("key.pem"), Pem.write(tls.chain().getFirst().getPublicKey()));

    assertThat(
            TokenKeys.load(
                    settings("tokens.key-source=file", "tokens.key-file=" + file).tokens(), data)
                .keys()
                .getFirst()
                .getAlgorithm())
        .isEqualTo(JWSAlgorithm.ES256);
  }

  @Test
  void anAlgorithmThatIsNotTheKeysIsRefused() throws IOException {
    JWK own = TokenKeys.load(settings().tokens(), data).keys().getFirst();
    Path file = Files.writeString(temporary.resolve("key.json"), own.toPublicJWK().toJSONString());
    Settings settings =
        settings("tokens.key-source=file", "tokens.key-file=" + file, "tokens.algorithm=rs256");

    assertThatThrownBy(() -> TokenKeys.load(settings.tokens(), data))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("sotto.tokens.algorithm");
  }

  @Test
  void keysAreHiddenInText() {
    TokenKeys keys = TokenKeys.load(settings().tokens(), data);

    assertThat(keys.toString()).doesNotContain(keys.keys().getFirst().toECKey().getD().toString());
  }

  @Test
  void aKeyThatIsNotTheCertificatesIsRefused() throws IOException {
    DevelopmentCertificate.readOrCreate(data, DOMAIN, CLOCK);
    DataDirectory elsewhere = DataDirectory.open(temporary.resolve("other"));
    DevelopmentCertificate.readOrCreate(elsewhere, DOMAIN, CLOCK);
    Settings settings =
        settings(
            "tls.certificate=" + folder.resolve("tls.pem"),
            "tls.key=" + temporary.resolve("other/tls.pem"));

    assertThatThrownBy(() -> TlsIdentities.load(settings, data, CLOCK))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("sotto.tls.key");
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path blocked = Files.writeString(temporary.resolve("file"), "").resolve("data");

    assertThatThrownBy(() -> DataDirectory.open(blocked))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("sotto.data-dir")
        .hasMessageContaining(blocked.toString());
  }

  private void makeAll() {
    DevelopmentCertificate.readOrCreate(data, DOMAIN, CLOCK);
    TokenKeys.load(settings().tokens(), data);
    TurnSecrets.load(List.of(), data);
  }

  private static String rights(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Settings settings(String... assignments) {
    return new SettingsLoader().assignments(List.of(assignments)).load();
  }
}
