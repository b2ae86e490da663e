package dev.sotto.relay.link;

import dev.sotto.relay.colibri.ControlIqProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.java7.XmppHostnameVerifier;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;

/** Makes connections as {@link LinkSettings} has them; they are not connected yet. */
final class Dialer {
  private static final String[] TLS_VERSIONS = {"TLSv1.3", "TLSv1.2"};

  /** The one mechanism: the server proves that it knows the secret, too, and is never told it. */
  private static final String MECHANISM = "SCRAM-SHA-1";

  private final LinkSettings settings;

  Dialer(LinkSettings settings) {
    this.settings = settings;
    ControlIqProvider.register();
    ConferenceListIq.Provider.register();
  }

  /**
   * A new connection; each attempt has its own, so that nothing of a lost one is left.
   *
   * @throws IOException when the server may not be dialled like this
   */
  RelayConnection newConnection(RelayConnection.StanzaReader onStanza) throws IOException {
    RawSockets sockets = new RawSockets();
    XMPPTCPConnectionConfiguration.Builder configuration =
        XMPPTCPConnectionConfiguration.builder()
            .setXmppDomain(settings.self().asDomainBareJid())
            .setResource(settings.self().getResourcepart())
            .setPort(settings.port())
            .setSocketFactory(sockets)
            .setConnectTimeout(millis(settings.timings().connectTimeout()))
            .setSendPresence(false)
            .setCompressionEnabled(false)
            .addEnabledSaslMechanism(MECHANISM);
    switch (settings.credential()) {
      case LinkCredential.Secret(String secret) ->
          configuration.setUsernameAndPassword(settings.self().getLocalpart(), secret);
    }
    secure(configuration);
    RelayConnection connection = new RelayConnection(configuration.build(), sockets, onStanza);
    connection.setReplyTimeout(settings.timings().replyTimeout().toMillis());
    return connection;
  }

  private void secure(XMPPTCPConnectionConfiguration.Builder configuration) throws IOException {
    try {
      switch (settings.security()) {
        case ServerSecurity.PlainOnLoopback _ ->
            configuration.setSecurityMode(SecurityMode.disabled).setHostAddress(loopback());
        case ServerSecurity.Authorities(var certificates, var name) -> {
          XmppHostnameVerifier verifier = new XmppHostnameVerifier();
          tls(configuration)
              .setCustomX509TrustManager(ServerTrust.authorities(certificates))
              .setHostnameVerifier(
                  (domain, session) -> verifier.verify(name.orElse(domain), session));
        }
        case ServerSecurity.Pinned(var sha256) ->
            tls(configuration)
                .setCustomX509TrustManager(ServerTrust.pinned(sha256))
                .setHostnameVerifier((_, _) -> true);
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("the trust in the server cannot be set up: " + e.getMessage(), e);
    }
  }

  private XMPPTCPConnectionConfiguration.Builder tls(
      XMPPTCPConnectionConfiguration.Builder configuration) throws IOException {
    return configuration
        .setSecurityMode(SecurityMode.required)
        .setEnabledSSLProtocols(TLS_VERSIONS)
        .setHost(settings.host());
  }

  /** Resolved once, so that what was checked is what is dialled. */
  private InetAddress loopback() throws UnknownHostException {
    InetAddress address = InetAddress.getByName(settings.host());
    if (!address.isLoopbackAddress()) {
      throw new UnknownHostException(
          "%s is %s, which is not on this host; without TLS it is not dialled"
              .formatted(settings.host(), address.getHostAddress()));
    }
    return address;
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}
