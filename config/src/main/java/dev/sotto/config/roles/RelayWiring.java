package dev.sotto.config.roles;

import dev.sotto.config.settings.IceUri;
import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.SettingsException;
import dev.sotto.relay.conference.ConferenceSettings;
import dev.sotto.relay.control.ControlLimits;
import dev.sotto.relay.transport.TransportLimits;
import dev.sotto.relay.worker.RelaySettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Says to the media relay, in its own types, what the settings say. */
final class RelayWiring {

  private static final long BITS_PER_KILOBIT = 1000;

  private RelayWiring() {}

  static RelaySettings settings(Settings settings) {
    Settings.Relay relay = settings.relay();
    Settings.RelayLimits limits = relay.limits();
    Optional<InetAddress> outside = settings.publicAddress().map(HostAddresses::resolve);
    List<InetAddress> addresses = addresses(settings, outside);
    return new RelaySettings(
        addresses,
        relay.port(),
        relay.eventLoops() == 0 ? Runtime.getRuntime().availableProcessors() : relay.eventLoops(),
        outside,
        stunServers(relay),
        relay.socketBuffer().intBytes(),
        RelaySettings.DEFAULT_QUEUED_PACKETS,
        RelaySettings.DEFAULT_HANDSHAKES,
        ConferenceSettings.DEFAULT
            .withGatherTime(relay.gatherTime())
            .withAudibleSpeakers(limits.audibleSpeakers()),
        ControlLimits.DEFAULT
            .withConferences(limits.conferences())
            .withEndpointsPerConference(limits.endpointsPerConference()),
        new TransportLimits(
            limits.packetsPerSecondPerEndpoint(),
            limits.kilobitsPerSecondPerEndpoint() * BITS_PER_KILOBIT));
  }

  private static List<InetSocketAddress> stunServers(Settings.Relay relay) {
    return relay.stunServers().stream().map(RelayWiring::stunServer).toList();
  }

  private static InetSocketAddress stunServer(IceUri uri) {
    if (uri.scheme() != IceUri.Scheme.STUN) {
      throw new SettingsException(
          "sotto.relay.stun-servers: "
              + uri.host()
              + " is named as a TURN server; it takes stun:HOST:PORT");
    }
    return InetSocketAddress.createUnresolved(uri.host().value(), uri.port());
  }

  /** Candidates name addresses, so a wildcard is none. */
  private static List<InetAddress> addresses(Settings settings, Optional<InetAddress> outside) {
    if (!settings.relay().addresses().isEmpty()) {
      return settings.relay().addresses();
    }
    InetAddress listen = settings.listenAddress();
    return List.of(
        listen.isAnyLocalAddress()
            ? HostAddresses.routedFrom(outside, "sotto.relay.addresses")
            : listen);
  }
}
