package dev.sotto.signalling.dialogue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** JWTs of the app, and such as it never made. */
public final class Tokens {

  private static final String SECRET = "the secret of the app, 32 bytes or more";

  /** Longer than any dialogue lasts by its own clock. */
  private static final Duration GOOD_FOR = Duration.ofDays(7);

  private Tokens() {}

  static OctetSequenceKey key() {
    return new OctetSequenceKey.Builder(SECRET.getBytes(StandardCharsets.UTF_8))
        .algorithm(JWSAlgorithm.HS256)
        .build();
  }

  /** A token that is good. */
  public static String good(String user) {
    return sign(SECRET, user, Dialogue.NOW.plus(GOOD_FOR));
  }

  /** A token that ended a day ago. */
  public static String expired(String user) {
    return sign(SECRET, user, Dialogue.NOW.minus(Duration.ofDays(1)));
  }

  /** A token signed with another key. */
  public static String forged(String user) {
    return sign(SECRET.replace("app", "foe"), user, Dialogue.NOW.plus(GOOD_FOR));
  }

  private static String sign(String secret, String user, Instant expires) {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder().subject(user).expirationTime(Date.from(expires)).build();
    SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
    try {
      jwt.sign(new MACSigner(secret));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return jwt.serialize();
  }
}
