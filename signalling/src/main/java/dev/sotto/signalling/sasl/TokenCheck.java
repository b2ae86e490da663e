package dev.sotto.signalling.sasl;

import dev.sotto.signalling.auth.AuthenticatedUser;
import dev.sotto.signalling.auth.AuthenticatedUser.Proof;
import dev.sotto.signalling.auth.TokenVerifier;
import dev.sotto.signalling.auth.TokenVerifier.Verdict;
import dev.sotto.signalling.sasl.SaslExchange.Step;
import java.time.Instant;
import java.util.Optional;

/** What a token's verdict means in SASL. Takes a fraction of a millisecond of CPU. */
record TokenCheck(TokenVerifier verifier) {

  Step check(String token, String domain) {
    return switch (verifier.verify(token)) {
      case Verdict.Expired() ->
          Step.refused(
              SaslCondition.CREDENTIALS_EXPIRED,
              "the token has expired: ask your app for a new one");
      case Verdict.Refused(String reason) -> Step.refused(SaslCondition.NOT_AUTHORIZED, reason);
      case Verdict.Accepted(String local, Instant expires) ->
          new Step.Success(
              new AuthenticatedUser(local, domain, new Proof.Token(expires)), Optional.empty());
    };
  }
}
