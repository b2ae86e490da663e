package dev.sotto.config.roles;

import dev.sotto.config.keys.TokenMint;
import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.Settings.KeySource;
import dev.sotto.signalling.DevelopmentTokenIssuer;
import dev.sotto.signalling.SignallingServer;
import dev.sotto.signalling.SignallingSettings;
import dev.sotto.signalling.StreamLimits;
import dev.sotto.signalling.TurnCredentialIssuer;
import dev.sotto.signalling.auth.InMemoryAccountStore;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Says to signalling, in its own types, what the settings say. */
final class SignallingWiring {

  /** Long enough to try things out, short enough to forget in a browser's storage. */
  private static final Duration DEVELOPMENT_TOKEN_LIFETIME = Duration.ofHours(12);

  private SignallingWiring() {}

  static SignallingSettings settings(Context context) {
    Settings settings = context.settings();
    Settings.Https https = settings.https();
    Settings.DirectTls directTls = settings.xmpp().directTls();
    return new SignallingSettings(
        settings.domain().value(),
        address(settings, settings.http().port()),
        https.enabled() ? Optional.of(address(settings, https.port())) : Optional.empty(),
        address(settings, settings.xmpp().port()),
        directTls.enabled() ? Optional.of(address(settings, directTls.port())) : Optional.empty(),
        context.tls(),
        context.tokenKeys().keys(),
        settings.tokens().clockSkew(),
        AccountWiring.settings(context),
        switch (settings.contacts()) {
          case EVERYONE -> SignallingSettings.Contacts.EVERYONE;
          case NOBODY -> SignallingSettings.Contacts.NOBODY;
        },
        limits(settings.limits()));
  }

  static SignallingServer.Collaborators collaborators(Context context, TurnCredentialIssuer turn) {
    return new SignallingServer.Collaborators(
        turn, developmentTokens(context), new InMemoryAccountStore(), context.clock());
  }

  /** Only the generated key may sign for anyone who asks. */
  private static Optional<DevelopmentTokenIssuer> developmentTokens(Context context) {
    if (context.settings().tokens().keySource() != KeySource.DEVELOPMENT) {
      return Optional.empty();
    }
    return context
        .tokenKeys()
        .signingKey()
        .map(key -> new TokenMint(key, context.clock()))
        .map(mint -> user -> mint.mint(user, DEVELOPMENT_TOKEN_LIFETIME));
  }

  /** Puts the setting before a listener's complaint, which can only know its port. */
  static String setting(Settings settings, String complaint) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    ports.put("sotto.http.port", settings.http().port());
    ports.put("sotto.https.port", settings.https().port());
    ports.put("sotto.xmpp.port", settings.xmpp().port());
    ports.put("sotto.xmpp.direct-tls.port", settings.xmpp().directTls().port());
    return ports.entrySet().stream()
            .filter(port -> complaint.matches(".*:" + port.getValue() + "\\b.*"))
            .map(port -> port.getKey() + ": ")
            .findFirst()
            .orElse("")
        + complaint;
  }

  private static InetSocketAddress address(Settings settings, int port) {
    return new InetSocketAddress(settings.listenAddress(), port);
  }

  private static StreamLimits limits(Settings.Limits limits) {
    return new StreamLimits(
        limits.stanza().intBytes(),
        limits.stanzaBeforeAuth().intBytes(),
        limits.authTimeout(),
        limits.idleTimeout(),
        limits.queue().intBytes(),
        limits.stanzasPerSecond(),
        limits.devicesPerUser(),
        limits.connectionsPerAddress(),
        limits.offlineMessagesPerUser(),
        limits.resumptionTime(),
        limits.unacknowledgedStanzas());
  }
}
