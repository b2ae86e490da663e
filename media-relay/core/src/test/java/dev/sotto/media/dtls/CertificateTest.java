package dev.sotto.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Certificates are rotated and known by their fingerprints")
class CertificateTest {
  private static final Duration VALIDITY = Duration.ofDays(30);
  private static final Duration RENEWAL = Duration.ofDays(1);
  private static final Instant NOW = Harness.NOW;

  private final CertificateSource source =
      new CertificateSource(Harness.RANDOM, VALIDITY, RENEWAL, NOW);

  @Test
  void a_certificate_is_for_p_256_signed_by_itself_and_valid_for_some_days()
      throws GeneralSecurityException {
    X509Certificate certificate = x509(source.current());

    certificate.verify(certificate.getPublicKey());
    assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
    assertThat(certificate.getPublicKey())
        .isInstanceOfSatisfying(
            ECPublicKey.class,
            key -> assertThat(key.getParams().getCurve().getField().getFieldSize()).isEqualTo(256));
    certificate.checkValidity(Date.from(NOW.minus(Duration.ofHours(23))));
    certificate.checkValidity(Date.from(NOW.plus(VALIDITY)));
    assertThat(certificate.getSerialNumber().signum()).isPositive();
  }

  @Test
  void xep_0320_its_fingerprint_is_its_sha_256() throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(source.current().encoded());

    assertThat(source.current().fingerprint().hash().token()).isEqualTo("sha-256");
    assertThat(source.current().fingerprint().value())
        .isEqualTo(HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest));
  }

  @Test
  void it_is_replaced_when_it_is_old_and_those_who_have_it_keep_it() {
    DtlsCertificate first = source.current();

    assertThat(source.renewIfDue(NOW.plus(RENEWAL).minusNanos(1))).isFalse();
    assertThat(source.current()).isSameAs(first);
    assertThat(source.renewIfDue(NOW.plus(RENEWAL))).isTrue();

    assertThat(source.current().fingerprint()).isNotEqualTo(first.fingerprint());
    assertThat(source.current().key()).isNotEqualTo(first.key());
    assertThat(source.renewIfDue(NOW.plus(RENEWAL))).isFalse();
  }

  @Test
  void one_that_would_run_out_before_it_is_renewed_is_not_made() {
    assertThatThrownBy(() -> new CertificateSource(Harness.RANDOM, RENEWAL, RENEWAL, NOW))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"sha-1, 20", "md5, 16", "sha-224, 28", "sha-256, 31", "sha-512, 32", "sha256, 32"})
  void rfc_8122_weak_functions_and_wrong_lengths_are_refused(String hash, int bytes) {
    String value = HexFormat.ofDelimiter(":").formatHex(new byte[bytes]);
    assertThatThrownBy(() -> Fingerprint.parse(hash, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fingerprint");
  }

  @ParameterizedTest
  @CsvSource({"AB:C", "ABCD", "AB-CD", "zz:zz", "''"})
  void a_value_that_is_not_bytes_with_colons_is_refused(String value) {
    assertThatThrownBy(() -> Fingerprint.parse("sha-256", value))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rfc_8122_section_5_letters_may_be_small() {
    Fingerprint fingerprint = source.current().fingerprint();

    assertThat(Fingerprint.parse("SHA-256", " " + fingerprint.value().toLowerCase(Locale.ROOT)))
        .isEqualTo(fingerprint);
  }

  @Test
  void rfc_8122_section_5_only_the_strongest_function_announced_counts() {
    byte[] shown = Identity.EC.encoded();
    byte[] other = Harness.OURS.encoded();
    Fingerprint weakAndRight = Fingerprint.of(Fingerprint.Hash.SHA_256, shown);
    Fingerprint strongAndWrong = Fingerprint.of(Fingerprint.Hash.SHA_512, other);
    Fingerprint strongAndRight = Fingerprint.of(Fingerprint.Hash.SHA_512, shown);

    assertThat(Fingerprint.anyMatches(List.of(weakAndRight), shown)).isTrue();
    assertThat(Fingerprint.anyMatches(List.of(weakAndRight, strongAndWrong), shown)).isFalse();
    assertThat(Fingerprint.anyMatches(List.of(strongAndWrong, strongAndRight), shown)).isTrue();
    assertThat(Fingerprint.anyMatches(List.of(), shown)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"active, PASSIVE", "actpass, PASSIVE", "passive, ACTIVE"})
  void rfc_5763_section_5_the_role_is_opposite_to_the_endpoints(String setup, DtlsRole role) {
    assertThat(DtlsRole.against(setup)).contains(role);
    assertThat(DtlsRole.against("holdconn")).isEmpty();
  }

  private static X509Certificate x509(DtlsCertificate certificate) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(certificate.encoded()));
  }
}
