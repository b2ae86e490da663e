package dev.sotto.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.auth.Accounts.Configured;
import dev.sotto.signalling.auth.ScramHash;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.sasl.ScramClient;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Element;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9266 and RFC 5929 over real TLS, and what of it is told (XEP-0440). */
final class ChannelBindingTest {

  private static final String PASSWORD = "correct horse";
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

  private static ScramClient client(ScramHash hash, String type, byte[] binding) {
    return new ScramClient(hash, "p=" + type + ",,", "alice", PASSWORD, "nonce", binding);
  }

  private static byte[] endPoint() throws Exception {
    return MessageDigest.getInstance("SHA-256")
        .digest(TestKeys.TLS.chain().getFirst().getEncoded());
  }

  private static byte[] exported(TestTcpClient connection) throws Exception {
    return connection
        .tlsSession()
        .exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
  }

  private static List<String> bindingTypes(Element features) {
    return features.child(Namespaces.CHANNEL_BINDING, "sasl-channel-binding").stream()
        .flatMap(Element::elements)
        .map(type -> type.attribute("type").orElseThrow())
        .toList();
  }

  private static List<String> mechanisms(Element features) {
    return features.child(Namespaces.SASL, "mechanisms").stream()
        .flatMap(Element::elements)
        .map(Element::text)
        .toList();
  }

  @Test
  void tls_1_3_has_both_kinds() {
    try (TestTcpClient connection = TestTcpClient.connectTls(server.directTls(), "TLSv1.3")) {
      Element features = connection.openStream();

      assertThat(bindingTypes(features)).containsExactly("tls-exporter", "tls-server-end-point");
      assertThat(mechanisms(features))
          .containsExactly(
              "SCRAM-SHA-256-PLUS",
              "SCRAM-SHA-1-PLUS",
              "SCRAM-SHA-256",
              "SCRAM-SHA-1",
              "OAUTHBEARER",
              "PLAIN");
    }
  }

  @Test
  void tls_1_2_has_the_certificate_only() {
    try (TestTcpClient connection = TestTcpClient.connectTls(server.directTls(), "TLSv1.2")) {
      assertThat(bindingTypes(connection.openStream())).containsExactly("tls-server-end-point");
    }
  }

  @Test
  void without_tls_nothing_is_bound() {
    try (TestTcpClient connection = TestTcpClient.connect(server.xmpp())) {
      Element features = connection.openStream();

      assertThat(bindingTypes(features)).isEmpty();
      assertThat(mechanisms(features))
          .containsExactly("SCRAM-SHA-256", "SCRAM-SHA-1", "OAUTHBEARER", "PLAIN");
    }
  }

  @ParameterizedTest
  @CsvSource({"SHA_1,TLSv1.2", "SHA_1,TLSv1.3", "SHA_256,TLSv1.2", "SHA_256,TLSv1.3"})
  void a_client_bound_to_the_certificate_logs_in(ScramHash hash, String version) throws Exception {
    try (TestTcpClient connection = TestTcpClient.connectTls(server.directTls(), version)) {
      connection.openStream();
      ScramClient client = client(hash, "tls-server-end-point", endPoint());

      assertThat(connection.authenticate(hash.mechanism() + "-PLUS", client).name())
          .isEqualTo("success");

      connection.bind("phone");
      connection.assertServed("ping");
    }
  }

  @Test
  void a_client_bound_to_keys_of_the_connection_logs_in_after_starttls() throws Exception {
    try (TestTcpClient connection = TestTcpClient.connect(server.xmpp())) {
      connection.openStream();
      connection.startTls();
      connection.openStream();
      ScramClient client = client(ScramHash.SHA_256, "tls-exporter", exported(connection));

      assertThat(connection.authenticate("SCRAM-SHA-256-PLUS", client).name()).isEqualTo("success");
    }
  }

  @Test
  void a_resumed_tls_session_is_bound_like_a_new_one() throws Exception {
    SSLContext remembering = TestKeys.clientTls();
    List<Long> begun = new ArrayList<>();
    for (String type : List.of("tls-server-end-point", "tls-exporter")) {
      try (TestTcpClient connection =
          TestTcpClient.connectTls(server.directTls(), remembering, "localhost")) {
        connection.openStream();
        byte[] binding = type.equals("tls-exporter") ? exported(connection) : endPoint();
        begun.add(connection.tlsSession().getCreationTime());

        assertThat(
                connection
                    .authenticate("SCRAM-SHA-256-PLUS", client(ScramHash.SHA_256, type, binding))
                    .name())
            .isEqualTo("success");
      }
      try (TestTcpClient connection =
          TestTcpClient.connectTls(server.directTls(), remembering, "localhost")) {
        connection.openStream();
        begun.add(connection.tlsSession().getCreationTime());

        assertThat(
                connection
                    .authenticate(
                        "SCRAM-SHA-256-PLUS",
                        client(ScramHash.SHA_256, "tls-server-end-point", endPoint()))
                    .name())
            .isEqualTo("success");
      }
    }
    assertThat(begun.stream().distinct().count())
        .as("sessions that were resumed keep the time of the first")
        .isLessThan(begun.size());
  }

  @Test
  void a_client_bound_to_another_connection_is_refused() throws Exception {
    try (TestTcpClient other = TestTcpClient.connectTls(server.directTls(), "TLSv1.3");
        TestTcpClient connection = TestTcpClient.connectTls(server.directTls(), "TLSv1.3")) {
      other.openStream();
      connection.openStream();
      ScramClient client = client(ScramHash.SHA_256, "tls-exporter", exported(other));

      Element answer = connection.authenticate("SCRAM-SHA-256-PLUS", client);

      assertThat(answer.child(Namespaces.SASL, "not-authorized")).isPresent();
    }
  }

  @Test
  void a_web_socket_over_tls_is_bound_to_the_same_certificate() throws Exception {
    try (TestWebSocketClient connection = TestWebSocketClient.connect(server.https())) {
      assertThat(bindingTypes(connection.openStream())).contains("tls-server-end-point");
      ScramClient client = client(ScramHash.SHA_256, "tls-server-end-point", endPoint());

      assertThat(connection.authenticate("SCRAM-SHA-256-PLUS", client).name()).isEqualTo("success");
    }
  }

  @Test
  void a_client_whose_list_lost_the_bound_mechanisms_on_the_way_is_refused() {
    try (TestTcpClient connection = TestTcpClient.connectTls(server.directTls())) {
      connection.openStream();
      ScramClient client =
          new ScramClient(ScramHash.SHA_256, "y,,", "alice", PASSWORD, "nonce", new byte[0]);

      Element answer = connection.authenticate("SCRAM-SHA-256", client);

      assertThat(answer.child(Namespaces.SASL, "not-authorized")).isPresent();
    }
  }

  @Test
  void a_connection_that_began_before_the_certificate_was_renewed_keeps_its_own() throws Exception {
    try (TestServer renewing =
            TestServer.start(
                new AccountSettings(
                    List.of(
                        new Configured.WithPassword(
                            new Jid("alice", TestServer.DOMAIN, ""), PASSWORD)),
                    false,
                    false,
                    1,
                    true,
                    "salt"));
        TestTcpClient connection = TestTcpClient.connectTls(renewing.directTls(), "TLSv1.3")) {
      connection.openStream();
      renewing
          .server()
          .reload(
              TestKeys.tlsIdentity(),
              List.of(),
              List.of(
                  new Configured.WithPassword(new Jid("alice", TestServer.DOMAIN, ""), PASSWORD)));

      ScramClient client = client(ScramHash.SHA_256, "tls-server-end-point", endPoint());

      assertThat(connection.authenticate("SCRAM-SHA-256-PLUS", client).name()).isEqualTo("success");
    }
  }
}
