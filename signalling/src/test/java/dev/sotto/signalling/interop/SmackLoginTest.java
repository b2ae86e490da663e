package dev.sotto.signalling.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.signalling.AccountSettings;
import dev.sotto.signalling.TestKeys;
import dev.sotto.signalling.TestServer;
import dev.sotto.signalling.auth.Accounts.Configured;
import dev.sotto.signalling.jid.Jid;
import java.net.InetAddress;
import java.util.List;
import javax.net.ssl.X509TrustManager;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Smack over STARTTLS, as relays and many Java clients use it. Its own channel binding is switched
 * off by its makers: it takes the name of a key for that of a hash.
 */
final class SmackLoginTest {

  private static final String PASSWORD = "p\u00E4ssword, with =signs";
  private static TestServer server;

  @BeforeAll
  static void start() {
    Configured alice =
        new Configured.WithPassword(new Jid("alice", TestServer.DOMAIN, ""), PASSWORD);
    server = TestServer.start(new AccountSettings(List.of(alice), false, false, 1, true, "salt"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String logIn(String mechanism, String password) throws Exception {
    XMPPTCPConnectionConfiguration configuration =
        XMPPTCPConnectionConfiguration.builder()
            .setXmppDomain(TestServer.DOMAIN)
            .setHostAddress(InetAddress.getLoopbackAddress())
            .setPort(server.xmpp().getPort())
            .setUsernameAndPassword("alice", password)
            .setResource("smack")
            .setSecurityMode(SecurityMode.required)
            .setCustomX509TrustManager((X509TrustManager) TestKeys.trust(TestKeys.TLS)[0])
            .setHostnameVerifier((_, _) -> true)
            .addEnabledSaslMechanism(mechanism)
            .build();
    XMPPTCPConnection connection = new XMPPTCPConnection(configuration);
    try {
      connection.connect().login();
      assertThat(connection.isSecureConnection()).isTrue();
      return connection.getUser().toString();
    } finally {
      connection.instantShutdown();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SCRAM-SHA-1", "PLAIN"})
  void logs_in_by_password(String mechanism) throws Exception {
    assertThat(logIn(mechanism, PASSWORD)).isEqualTo("alice@" + TestServer.DOMAIN + "/smack");
  }

  @Test
  void is_refused_with_another_password() {
    assertThatThrownBy(() -> logIn("SCRAM-SHA-1", "wrong"))
        .isInstanceOf(SASLErrorException.class)
        .hasMessageContaining("not-authorized");
  }
}
