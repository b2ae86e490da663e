package dev.sotto.signalling.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.sotto.signalling.auth.TokenVerifier.Verdict;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens open an account, and which do not. */
final class TokenVerifierTest {

  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final long SOON = NOW.getEpochSecond() + 60;
  private static ECKey ec;

  @BeforeAll
  static void makeKey() throws JOSEException {
    ec = new ECKeyGenerator(Curve.P_256).algorithm(JWSAlgorithm.ES256).keyID("k").generate();
  }

  @Test
  void anEs256TokenIsGood() throws JOSEException {
    assertThat(verify(ec.toPublicJWK(), token(claims("jane"))))
        .isEqualTo(accepted("jane", Instant.ofEpochSecond(SOON)));
  }

  @Test
  void anHs256TokenIsGood() throws JOSEException {
    OctetSequenceKey key =
        new OctetSequenceKeyGenerator(256).algorithm(JWSAlgorithm.HS256).generate();
    assertThat(verify(key, sign(JWSAlgorithm.HS256, new MACSigner(key), claims("jane"))))
        .isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void anRs256TokenIsGood() throws JOSEException {
    var key = new RSAKeyGenerator(2048).algorithm(JWSAlgorithm.RS256).generate();
    assertThat(
            verify(
                key.toPublicJWK(), sign(JWSAlgorithm.RS256, new RSASSASigner(key), claims("jane"))))
        .isInstanceOf(Verdict.Accepted.class);
  }

  /** RFC 8725 section 3.1: of the algorithms that a key could serve, only its own counts. */
  @ParameterizedTest
  @ValueSource(strings = {"RS384", "RS512", "PS256", "PS512"})
  void anRsaKeyServesNoAlgorithmButItsOwn(String algorithm) throws JOSEException {
    var key = new RSAKeyGenerator(2048).algorithm(JWSAlgorithm.RS256).generate();
    JWSAlgorithm other = JWSAlgorithm.parse(algorithm);
    assertThat(verify(key.toPublicJWK(), sign(other, new RSASSASigner(key), claims("jane"))))
        .isInstanceOf(Verdict.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS384", "HS512"})
  void aSecretServesNoAlgorithmButItsOwn(String algorithm) throws JOSEException {
    OctetSequenceKey key =
        new OctetSequenceKeyGenerator(512).algorithm(JWSAlgorithm.HS256).generate();
    JWSAlgorithm other = JWSAlgorithm.parse(algorithm);
    assertThat(verify(key, sign(other, new MACSigner(key), claims("jane"))))
        .isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void anEdDsaTokenIsGoodAndAChangedOneIsNot() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    OctetKeyPair key =
        new OctetKeyPair.Builder(
                Curve.Ed25519,
                Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)))
            .algorithm(JWSAlgorithm.EdDSA)
            .build();
    String input = encode("{\"alg\":\"EdDSA\"}") + "." + encode(claims("jane"));
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(pair.getPrivate());
    signature.update(input.getBytes(UTF_8));
    String signed = "." + Base64URL.encode(signature.sign());
    assertThat(verify(key, input + signed)).isInstanceOf(Verdict.Accepted.class);
    String other = encode("{\"alg\":\"EdDSA\"}") + "." + encode(claims("mallory"));
    assertThat(verify(key, other + signed)).isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void anExpiredTokenIsToldFromABadOne() throws JOSEException {
    String token = token("{\"sub\":\"jane\",\"exp\":" + NOW.getEpochSecond() + "}");
    assertThat(verify(ec, token)).isEqualTo(new Verdict.Expired());
  }

  @Test
  void clocksMayDifferByTheSkewAndNoMore() throws JOSEException {
    TokenVerifier lenient =
        new TokenVerifier(List.of(ec), Duration.ofSeconds(30), Clock.fixed(NOW, ZoneOffset.UTC));
    long now = NOW.getEpochSecond();
    assertThat(lenient.verify(token("{\"sub\":\"a\",\"exp\":" + (now - 29) + "}")))
        .isInstanceOf(Verdict.Accepted.class);
    assertThat(lenient.verify(token("{\"sub\":\"a\",\"exp\":" + (now - 30) + "}")))
        .isEqualTo(new Verdict.Expired());
    String early = "{\"sub\":\"a\",\"exp\":" + SOON + ",\"nbf\":";
    assertThat(lenient.verify(token(early + (now + 30) + "}")))
        .isInstanceOf(Verdict.Accepted.class);
    assertThat(lenient.verify(token(early + (now + 31) + "}"))).isInstanceOf(Verdict.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sub\":\"jane\"}",
        "{\"exp\":99999999999}",
        "{\"sub\":\"\",\"exp\":99999999999}",
        "{\"sub\":null,\"exp\":99999999999}",
        "{\"sub\":\"jane\",\"exp\":\"soon\"}",
        "{\"sub\":\"\\u0000\",\"exp\":99999999999}",
        "{\"sub\":\"jane\",\"exp\":99999999999,\"nbf\":99999999998}",
        "[]",
        "null",
        "not JSON",
        ""
      })
  void aSignedTokenThatSaysTooLittleIsRefused(String claims) throws JOSEException {
    assertThat(verify(ec, token(claims))).isInstanceOf(Verdict.Refused.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jane@app.example | jane\\40app.example",
        "Jane Doe         | jane\\20doe",
        "a/b              | a\\2fb",
        "Ünal             | ünal",
      })
  void anyUserOfAnAppHasAnAccount(String subject, String local) throws JOSEException {
    assertThat(verify(ec, token(claims(subject))))
        .isEqualTo(accepted(local, Instant.ofEpochSecond(SOON)));
  }

  @Test
  void anUnsignedTokenIsRefused() {
    String input = encode("{\"alg\":\"none\"}") + "." + encode(claims("jane"));
    assertThat(verify(ec, input + ".")).isInstanceOf(Verdict.Refused.class);
    assertThat(verify(ec, input + ".AAAA")).isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void aPublicKeyIsNoSharedSecret() throws Exception {
    for (byte[] secret :
        List.of(
            ec.toECPublicKey().getEncoded(),
            ec.toPublicJWK().toJSONString().getBytes(UTF_8),
            ec.getX().decode())) {
      String token = sign(JWSAlgorithm.HS256, new MACSigner(secret), claims("jane"));
      assertThat(verify(ec.toPublicJWK(), token)).isInstanceOf(Verdict.Refused.class);
    }
  }

  @Test
  void anotherKeysSignatureIsRefusedWhateverKeyItNames() throws JOSEException {
    ECKey other = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
    String forged = sign(JWSAlgorithm.ES256, new ECDSASigner(other), claims("jane"));
    assertThat(verify(ec, forged)).isInstanceOf(Verdict.Refused.class);
    String good = token(claims("jane"));
    int signature = good.lastIndexOf('.') + 1;
    assertThat(verify(ec, good.substring(0, signature))).isInstanceOf(Verdict.Refused.class);
    String zeros = Base64URL.encode(new byte[64]).toString();
    assertThat(verify(ec, good.substring(0, signature) + zeros))
        .isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void extensionsThatMustBeUnderstoodAreNotIgnored() throws JOSEException {
    JWSObject jws =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.ES256)
                .criticalParams(java.util.Set.of("exp"))
                .build(),
            new Payload(claims("jane")));
    jws.sign(new ECDSASigner(ec));
    assertThat(verify(ec, jws.serialize())).isInstanceOf(Verdict.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "a.b.c", "....", "e30.e30.e30", "bnVsbA.e30.e30", "💥.💥.💥"})
  void garbageIsRefused(String token) {
    assertThat(verify(ec, token)).isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void aTokenThatNestsDeeplyOrIsHugeIsRefused() {
    String deep = "{\"alg\":\"ES256\",\"x\":" + "[".repeat(2900) + "]".repeat(2900) + "}";
    String token = encode(deep) + "." + encode("{}") + ".AA";
    assertThat(token).hasSizeLessThan(8192);
    assertThat(verify(ec, token)).isInstanceOf(Verdict.Refused.class);
    assertThat(verify(ec, "a".repeat(100_000))).isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void aKeyThatIsNotPinnedToItsAlgorithmIsNoKey() {
    ECKey unpinned = new ECKey.Builder(ec).algorithm((Algorithm) null).build();
    assertThatThrownBy(() -> verify(unpinned, "")).isInstanceOf(IllegalArgumentException.class);
  }

  private static Verdict verify(JWK key, String token) {
    return new TokenVerifier(List.of(key), Duration.ZERO, Clock.fixed(NOW, ZoneOffset.UTC))
        .verify(token);
  }

  private static Verdict accepted(String local, Instant expires) {
    return new Verdict.Accepted(local, expires);
  }

  private static String claims(String subject) {
    return "{\"sub\":\"" + subject + "\",\"exp\":" + SOON + "}";
  }

  private static String token(String claims) throws JOSEException {
    return sign(JWSAlgorithm.ES256, new ECDSASigner(ec), claims);
  }

  private static String sign(JWSAlgorithm algorithm, JWSSigner signer, String claims)
      throws JOSEException {
    JWSObject jws = new JWSObject(new JWSHeader(algorithm), new Payload(claims));
    jws.sign(signer);
    return jws.serialize();
  }

  private static String encode(String json) {
    return Base64URL.encode(json).toString();
  }
}
