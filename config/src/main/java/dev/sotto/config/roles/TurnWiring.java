package dev.sotto.config.roles;

import dev.sotto.config.settings.AddressRange;
import dev.sotto.config.settings.Secret;
import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.SettingsException;
import dev.sotto.config.settings.UserAccount;
import dev.sotto.signalling.IceService.Credential;
import dev.sotto.signalling.TlsIdentity;
import dev.sotto.turn.ChannelRange;
import dev.sotto.turn.EphemeralCredentials;
import dev.sotto.turn.RelayAddress;
import dev.sotto.turn.TrafficLimits;
import dev.sotto.turn.TurnClock;
import dev.sotto.turn.TurnSettings;
import dev.sotto.turn.TurnTls;
import dev.sotto.turn.peer.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Says to the TURN server, in its own types, what the settings say. */
final class TurnWiring {

  private static final long BITS_PER_KILOBIT = 1000;

  private TurnWiring() {}

  static TurnSettings settings(Context context) {
    Settings settings = context.settings();
    Settings.Turn turn = settings.turn();
    Settings.TurnLimits limits = turn.limits();
    TurnSettings.Builder builder = TurnSettings.builder();
    if (turn.tls().enabled()) {
      TlsIdentity identity = context.tls();
      TurnTls shown = new TurnTls(identity.key(), identity.chain());
      builder
          .listenTls(shown, address(settings, turn.tls().port()))
          .listenDtls(shown, address(settings, turn.tls().port()));
    }
    turn.alternateServer()
        .map(server -> new InetSocketAddress(server.address(), server.port()))
        .ifPresent(builder::alternateServer);
    return builder
        .listen(address(settings, turn.port()))
        .listenTcp(address(settings, turn.port()))
        .relays(List.of(relay(settings)))
        .relayPorts(turn.relayPorts().first(), turn.relayPorts().last())
        .realm(context.turnRealm())
        .users(users(turn))
        .sharedSecrets(context.turnSecrets().stream().map(Secret::value).toList())
        .lifetimes(limits.lifetime(), limits.maxLifetime())
        .nonceLifetime(limits.nonceLifetime())
        .quotas(limits.allocationsPerUser(), limits.allocations())
        .traffic(traffic(limits))
        .permissionsPerAllocation(limits.permissionsPerAllocation())
        .permissionQuotas(limits.permissionsPerUser(), limits.permissions())
        .unauthenticatedResponsesPerSecond(limits.unauthenticatedResponsesPerSecond())
        .channelRange(
            switch (turn.channelNumbers()) {
              case RFC8656 -> ChannelRange.RFC8656;
              case RFC5766 -> ChannelRange.RFC5766;
            })
        .eventLoops(
            turn.eventLoops() == 0 ? Runtime.getRuntime().availableProcessors() : turn.eventLoops())
        .allowPeers(blocks(turn.allowPeers()))
        .denyPeers(blocks(turn.denyPeers()))
        .socketBufferBytes(turn.socketBuffer().intBytes())
        .build();
  }

  private static Map<String, String> users(Settings.Turn turn) {
    Map<String, String> passwords = new HashMap<>();
    for (UserAccount user : turn.users()) {
      if (passwords.put(user.name(), user.password().value()) != null) {
        throw new SettingsException(
            "sotto.turn.users: " + user.name() + " stands there twice; a user has one password");
      }
    }
    return passwords;
  }

  private static TrafficLimits traffic(Settings.TurnLimits limits) {
    return new TrafficLimits(
        limits.kilobitsPerSecondPerAllocation() * BITS_PER_KILOBIT,
        limits.kilobitsPerSecondPerUser() * BITS_PER_KILOBIT,
        limits.kilobitsPerSecond() * BITS_PER_KILOBIT,
        limits.newPeersPerSecondPerUser(),
        limits.newPeersPerSecond());
  }

  /** Where a TURN server with these settings, in a process of its own, listens. */
  static RunningTurn.Ports configuredPorts(Settings settings) {
    Settings.Turn turn = settings.turn();
    return new RunningTurn.Ports(
        turn.port(),
        turn.port(),
        turn.tls().enabled() ? Optional.of(turn.tls().port()) : Optional.empty());
  }

  /** Puts the setting before the server's complaint, which can only know its port. */
  static String setting(Settings settings, String complaint) {
    if (complaint.startsWith("cannot use the TLS key")) {
      return "sotto.tls.certificate: " + complaint;
    }
    Settings.TurnTls tls = settings.turn().tls();
    boolean ofTls = tls.enabled() && complaint.contains(" port " + tls.port() + ":");
    return (ofTls ? "sotto.turn.tls.port: " : "sotto.turn.port: ") + complaint;
  }

  private static InetSocketAddress address(Settings settings, int port) {
    return new InetSocketAddress(settings.listenAddress(), port);
  }

  /** The credentials that the TURN server with these settings accepts, one kind a user. */
  static Function<String, Credential> credentials(Context context) {
    EphemeralCredentials issuer =
        new EphemeralCredentials(
            context.turnSecrets().getFirst().value(), new ContextClock(context));
    Duration lifetime = context.settings().turn().credentialLifetime();
    return user -> {
      EphemeralCredentials.Issued issued = issuer.issue(user, lifetime);
      return new Credential(issued.username(), issued.password(), issued.expiresAt());
    };
  }

  /** The TURN server's view of the process's clock. */
  record ContextClock(Context context) implements TurnClock {
    @Override
    public long monotonicNanos() {
      return System.nanoTime();
    }

    @Override
    public long epochSeconds() {
      return context.clock().instant().getEpochSecond();
    }
  }

  private static List<Cidr> blocks(List<AddressRange> ranges) {
    return ranges.stream().map(range -> Cidr.parse(range.toString())).toList();
  }

  /**
   * Relayed ports are opened on an address of this host and told as the public one, which differs
   * behind a one-to-one NAT.
   */
  private static RelayAddress relay(Settings settings) {
    Optional<InetAddress> outside = settings.publicAddress().map(HostAddresses::resolve);
    InetAddress listen = settings.listenAddress();
    InetAddress own =
        settings
            .turn()
            .relayAddress()
            .orElseGet(() ->
                listen.isAnyLocalAddress()
                    ? HostAddresses.routedFrom(outside, "sotto.turn.relay-address")
                    : listen);
    try {
      return new RelayAddress(own, outside.orElse(own));
    } catch (IllegalArgumentException e) {
      throw new SettingsException(
          "sotto.turn.relay-address: "
              + own.getHostAddress()
              + " is not allowed; it takes an address of this host, of the same family as"
              + " sotto.public-address");
    }
  }
}
