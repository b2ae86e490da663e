package dev.sotto.signalling;

import dev.sotto.signalling.DevelopmentTokenIssuer.IssuedToken;
import dev.sotto.signalling.IceService.Credential;
import dev.sotto.signalling.IceService.Transport;
import dev.sotto.signalling.SignallingServer.Collaborators;
import dev.sotto.signalling.SignallingSettings.Contacts;
import dev.sotto.signalling.auth.InMemoryAccountStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The whole role on free loopback ports, as the composition root would start it. */
public final class TestServer implements AutoCloseable {

  public static final String DOMAIN = "sotto.example";
  public static final Instant CREDENTIAL_EXPIRES = Instant.parse("2040-01-02T03:04:05Z");

  /** Generous, so that only a test of a limit meets it. */
  public static final StreamLimits LIMITS =
      new StreamLimits(
          262_144,
          16_384,
          Duration.ofSeconds(20),
          Duration.ofMinutes(2),
          1_048_576,
          1000,
          16,
          200,
          50,
          Duration.ofMinutes(5),
          5000);

  /** Nobody has a password. */
  private static final AccountSettings TOKENS_ONLY =
      new AccountSettings(List.of(), false, false, 1, true, "salt");

  private final RunningSignalling server;

  private TestServer(SignallingServer server) {
    this.server = (RunningSignalling) server;
  }

  public static TestServer start() {
    return start(LIMITS);
  }

  public static TestServer start(StreamLimits limits) {
    return new TestServer(Signalling.start(settings(limits), collaborators()));
  }

  /** With these accounts beside the tokens. */
  public static TestServer start(AccountSettings accounts) {
    return new TestServer(
        Signalling.start(settings(LIMITS, loopback(0), loopback(0), accounts), collaborators()));
  }

  static SignallingSettings settings(StreamLimits limits) {
    return settings(limits, loopback(0), loopback(0));
  }

  static SignallingSettings settings(StreamLimits limits, InetSocketAddress xmpp) {
    return settings(limits, xmpp, loopback(0));
  }

  static SignallingSettings settingsWithHttp(InetSocketAddress http) {
    return settings(LIMITS, loopback(0), http);
  }

  private static SignallingSettings settings(
      StreamLimits limits, InetSocketAddress xmpp, InetSocketAddress http) {
    return settings(limits, xmpp, http, TOKENS_ONLY);
  }

  private static SignallingSettings settings(
      StreamLimits limits,
      InetSocketAddress xmpp,
      InetSocketAddress http,
      AccountSettings accounts) {
    return new SignallingSettings(
        DOMAIN,
        http,
        Optional.of(loopback(0)),
        xmpp,
        Optional.of(loopback(0)),
        TestKeys.TLS,
        List.of(TestKeys.TOKEN_KEY.toPublicJWK()),
        Duration.ZERO,
        accounts,
        Contacts.EVERYONE,
        limits);
  }

  static Collaborators collaborators() {
    return new Collaborators(
        user ->
            List.of(
                new IceService(
                    IceService.Type.STUN, "127.0.0.1", 3478, Transport.UDP, Optional.empty()),
                new IceService(
                    IceService.Type.TURN,
                    "127.0.0.1",
                    3478,
                    Transport.UDP,
                    Optional.of(
                        new Credential("1:" + user, "secret of " + user, CREDENTIAL_EXPIRES)))),
        Optional.of(user -> new IssuedToken(TestKeys.token(user), Instant.now().plusSeconds(3600))),
        new InMemoryAccountStore(),
        Clock.systemUTC());
  }

  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  public SignallingServer server() {
    return server;
  }

  public InetSocketAddress xmpp() {
    return server.xmppAddress();
  }

  public InetSocketAddress directTls() {
    return server.xmppDirectTlsAddress().orElseThrow();
  }

  public String http() {
    return "http://127.0.0.1:" + server.httpAddress().getPort();
  }

  public String https() {
    return "https://127.0.0.1:" + server.httpsAddress().orElseThrow().getPort();
  }

  /** The first step of a drain, without the rest. */
  public void stopAccepting() {
    server.stopAccepting();
  }

  /** Connections that have not authenticated yet. */
  public int unauthenticated() {
    return server.unauthenticatedConnections();
  }

  @Override
  public void close() {
    server.close();
  }
}
