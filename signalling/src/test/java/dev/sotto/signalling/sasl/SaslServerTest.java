package dev.sotto.signalling.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.TestKeys;
import dev.sotto.signalling.auth.TokenVerifier;
import dev.sotto.signalling.dialogue.SignIns;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which mechanisms a connection is offered (RFC 6120 section 6.3.3). */
final class SaslServerTest {

  private static SaslServer server(boolean tokens, boolean passwords, boolean channelBinding) {
    return new SaslServer(
        new TokenVerifier(List.of(TestKeys.TOKEN_KEY), Duration.ZERO, Clock.systemUTC()),
        SignIns.noAccounts(),
        _ -> new SaslMethods(tokens, passwords),
        channelBinding,
        new Random(1));
  }

  private static SaslChannel channel(boolean confidential, boolean bindable) {
    return new SaslChannel(
        "example.org",
        confidential,
        _ -> bindable ? Optional.of(new byte[] {1}) : Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true|false|OAUTHBEARER PLAIN",
        "false|true|SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-1 PLAIN",
        "true|true|SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-1 OAUTHBEARER PLAIN"
      })
  void under_tls_all_that_users_can_use_are_offered_the_best_first(
      boolean tokens, boolean passwords, String offered) {
    assertThat(server(tokens, passwords, true).mechanisms(channel(true, true)))
        .containsExactly(offered.split(" "));
  }

  @Test
  void without_tls_on_this_host_nothing_can_be_bound() {
    assertThat(server(false, true, true).mechanisms(channel(true, false)))
        .containsExactly("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN");
    assertThat(server(false, true, true).bindingTypes(channel(true, false))).isEmpty();
  }

  @Test
  void binding_can_be_turned_off() {
    assertThat(server(false, true, false).mechanisms(channel(true, true)))
        .containsExactly("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN");
    assertThat(server(false, true, false).bindingTypes(channel(true, true))).isEmpty();
  }

  @Test
  void kinds_of_binding_are_told_only_where_a_mechanism_uses_them() {
    assertThat(server(false, true, true).bindingTypes(channel(true, true)))
        .containsExactly(ChannelBindingType.TLS_EXPORTER, ChannelBindingType.TLS_SERVER_END_POINT);
    assertThat(server(true, false, true).bindingTypes(channel(true, true))).isEmpty();
  }

  @Test
  void where_all_can_listen_nothing_is_offered_and_nothing_begins() {
    SaslServer server = server(true, true, true);

    assertThat(server.mechanisms(channel(false, true))).isEmpty();
    assertThat(server.begin("PLAIN", channel(false, true))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "SCRAM-SHA-512", "SCRAM-SHA-256-PLUS-PLUS", "OAUTHBEARER"})
  void what_was_not_offered_does_not_begin(String mechanism) {
    assertThat(server(false, true, true).begin(mechanism, channel(true, true))).isEmpty();
  }
}
