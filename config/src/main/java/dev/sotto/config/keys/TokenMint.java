package dev.sotto.config.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sotto.signalling.DevelopmentTokenIssuer.IssuedToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;

/** Signs users' tokens (RFC 7519) with a key that holds its private or secret part. */
public final class TokenMint {

  private final JWK key;
  private final Clock clock;

  public TokenMint(JWK key, Clock clock) {
    this.key = key;
    this.clock = clock;
  }

  /** A token with {@code sub}, {@code iat} and {@code exp}. */
  public IssuedToken mint(String user, Duration lifetime) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant end = now.plus(lifetime);
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .subject(user)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(end))
            .build();
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.parse(key.getAlgorithm().getName()))
            .keyID(key.getKeyID())
            .build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(signer());
    } catch (JOSEException e) {
      throw new KeyException("the token key cannot sign", e);
    }
    return new IssuedToken(token.serialize(), end);
  }

  private JWSSigner signer() throws JOSEException {
    return switch (key) {
      case ECKey ec -> new ECDSASigner(ec);
      case RSAKey rsa -> new RSASSASigner(rsa);
      case OctetSequenceKey secret -> new MACSigner(secret);
      default -> throw new JOSEException("this kind of key signs elsewhere");
    };
  }
}
