package dev.sotto.signalling.sasl;

import static dev.sotto.signalling.sasl.Exchanges.challenged;
import static dev.sotto.signalling.sasl.Exchanges.refused;
import static dev.sotto.signalling.sasl.Exchanges.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.TestKeys;
import dev.sotto.signalling.auth.TokenVerifier;
import dev.sotto.signalling.sasl.SaslExchange.Step;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7628 with JWTs. */
final class OAuthBearerTest {

  private static SaslExchange bearer() {
    TokenVerifier tokens =
        new TokenVerifier(List.of(TestKeys.TOKEN_KEY), Duration.ZERO, Clock.systemUTC());
    return new OAuthBearer(
        new TokenCheck(tokens), new SaslChannel("example.org", true, _ -> Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n,,\1auth=Bearer %s\1\1",
        "y,,\1auth=Bearer %s\1\1",
        "n,,\1auth=bearer  %s\1\1",
        "n,a=alice@example.org,\1host=example.org\1port=5222\1auth=Bearer %s\1\1",
        "n,a=alice,\1auth=Bearer %s\1x=y\1\1"
      })
  void section_3_1_a_token_logs_in_whom_it_names(String message) {
    Step outcome = say(bearer(), message.formatted(TestKeys.token("alice")));

    assertThat(((Step.Success) outcome).user().jid()).hasToString("alice@example.org");
  }

  @Test
  void section_3_2_3_a_token_that_is_no_good_is_explained_before_it_fails() {
    String expired = TestKeys.token(TestKeys.TOKEN_KEY, "alice", Instant.now().minusSeconds(60));

    Step.Challenge challenge = challenged(bearer(), "n,,\1auth=Bearer " + expired + "\1\1");

    assertThat(challenge.data()).isEqualTo("{\"status\":\"invalid_token\"}");
    assertThat(refused(say(challenge.next(), "\1"))).isEqualTo(SaslCondition.CREDENTIALS_EXPIRED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Basic QWxhZGRpbg==", "Bearer", "Bearer x"})
  void section_4_3_a_client_may_ask_without_a_token_and_is_not_let_in(String auth) {
    Step.Challenge challenge = challenged(bearer(), "n,,\1auth=" + auth + "\1\1");

    assertThat(refused(say(challenge.next(), "\1"))).isEqualTo(SaslCondition.NOT_AUTHORIZED);
  }

  @Test
  void a_token_of_another_user_does_not_let_act_for_one() {
    String message = "n,a=bob@example.org,\1auth=Bearer " + TestKeys.token("alice") + "\1\1";

    assertThat(refused(say(bearer(), message))).isEqualTo(SaslCondition.INVALID_AUTHZID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "n,,",
        "n,,\1",
        "n,,\1\1",
        "n,,\1auth=Bearer x\1",
        "n,,\1auth=Bearer x",
        "n,,auth=Bearer x\1\1",
        "n,,\1auth=a\1auth=b\1\1",
        "n,,\1auth\1\1",
        "n,,\1=x\1\1",
        "n,,\1auth=x\1\1\1",
        "n,,\1\1auth=x\1\1",
        "n,,\1a1=x\1auth=x\1\1",
        "n,,\1auth=\u00E9\1\1",
        "p=tls-exporter,,\1auth=Bearer x\1\1"
      })
  void what_is_no_message_is_malformed(String message) {
    assertThat(refused(say(bearer(), message))).isEqualTo(SaslCondition.MALFORMED_REQUEST);
  }
}
