package dev.sotto.config.settings;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything an operator can set, by concept. Component names are the keys of {@code sotto.yml} in
 * camel case; that file holds each default and says what it means.
 */
public record Settings(
    HostName domain,
    @Reloadable Optional<HostName> publicAddress,
    Optional<InetAddress> bindAddress,
    Path dataDir,
    @Reloadable @Allowed(min = "0s", max = "1h") Duration drainTimeout,
    Http http,
    Https https,
    Tls tls,
    Xmpp xmpp,
    Tokens tokens,
    Signalling signalling,
    Contacts contacts,
    Limits limits,
    Turn turn,
    Relay relay,
    Management management,
    Log log) {

  /** The call page, the XMPP WebSocket and the REST interface, in clear. */
  public record Http(@Allowed(min = "0", max = "65535") int port) {}

  /** The same over TLS. */
  public record Https(boolean enabled, @Allowed(min = "0", max = "65535") int port) {}

  /** PEM files of the certificate chain and its key. */
  public record Tls(@Reloadable Optional<Path> certificate, @Reloadable Optional<Path> key) {}

  /** XMPP over TCP: a port that starts in clear and turns to TLS, and one that is TLS at once. */
  public record Xmpp(@Allowed(min = "0", max = "65535") int port, DirectTls directTls) {}

  /** TLS from the first byte (XEP-0368). */
  public record DirectTls(boolean enabled, @Allowed(min = "0", max = "65535") int port) {}

  /** What verifies users' tokens. */
  public record Tokens(
      KeySource keySource,
      @Reloadable Optional<Secret> secret,
      @Reloadable Optional<Path> keyFile,
      @Reloadable Optional<TokenAlgorithm> algorithm,
      @Allowed(min = "0s", max = "10m") Duration clockSkew) {}

  /** Where the token key comes from. */
  public enum KeySource {
    DEVELOPMENT,
    NONE,
    SECRET,
    FILE
  }

  /** Signature algorithms of RFC 7518 and RFC 8037 that a key may be pinned to. */
  public enum TokenAlgorithm {
    HS256,
    RS256,
    ES256,
    EDDSA
  }

  /** Users with passwords. */
  public record Signalling(
      @Reloadable List<UserAccount> accounts,
      boolean inBandRegistration,
      @Allowed(min = "1", max = "1000000") int registrationsPerHour,
      boolean channelBinding) {}

  /** Whose presence a user sees without asking. */
  public enum Contacts {
    EVERYONE,
    NOBODY
  }

  /** Bounds of one XMPP stream. */
  public record Limits(
      @Allowed(min = "10000", max = "16MiB") DataSize stanza,
      @Allowed(min = "1KiB", max = "1MiB") DataSize stanzaBeforeAuth,
      @Allowed(min = "1s", max = "10m") Duration authTimeout,
      @Allowed(min = "5s", max = "1h") Duration idleTimeout,
      @Allowed(min = "16KiB", max = "256MiB") DataSize queue,
      @Allowed(min = "1", max = "100000") int stanzasPerSecond,
      @Allowed(min = "1", max = "1000") int devicesPerUser,
      @Allowed(min = "1", max = "100000") int connectionsPerAddress,
      @Allowed(min = "0", max = "100000") int offlineMessagesPerUser,
      @Allowed(min = "1s", max = "1h") Duration resumptionTime,
      @Allowed(min = "10", max = "1000000") int unacknowledgedStanzas) {}

  /** The TURN server, and the one that clients are told to use. */
  public record Turn(
      @Allowed(min = "0", max = "65535") int port,
      TurnTls tls,
      Optional<String> realm,
      Optional<InetAddress> relayAddress,
      PortRange relayPorts,
      @Reloadable List<Secret> secrets,
      @Reloadable List<UserAccount> users,
      @Reloadable @Allowed(min = "1m", max = "7d") Duration credentialLifetime,
      @Reloadable List<AddressRange> allowPeers,
      @Reloadable List<AddressRange> denyPeers,
      TurnLimits limits,
      ChannelNumbers channelNumbers,
      @Allowed(min = "0", max = "256") int eventLoops,
      @Allowed(min = "4KiB", max = "256MiB") DataSize socketBuffer,
      @Reloadable List<IceUri> advertise,
      @Reloadable Optional<SocketAddress> alternateServer) {}

  /** TURN over TLS and DTLS, on one number (RFC 8656 section 3.1). */
  public record TurnTls(boolean enabled, @Allowed(min = "0", max = "65535") int port) {}

  /** Which RFC's range of channel numbers clients may bind. */
  public enum ChannelNumbers {
    RFC8656,
    RFC5766
  }

  /** Bounds of the TURN server. */
  public record TurnLimits(
      @Allowed(min = "1", max = "65535") int allocations,
      @Allowed(min = "1", max = "65535") int allocationsPerUser,
      @Allowed(min = "1", max = "10000000") int permissions,
      @Allowed(min = "1", max = "10000000") int permissionsPerUser,
      @Allowed(min = "1", max = "10000") int permissionsPerAllocation,
      @Allowed(min = "0", max = "2000000000") int kilobitsPerSecondPerAllocation,
      @Allowed(min = "0", max = "2000000000") int kilobitsPerSecondPerUser,
      @Allowed(min = "0", max = "2000000000") int kilobitsPerSecond,
      @Allowed(min = "0", max = "1000000") int newPeersPerSecondPerUser,
      @Allowed(min = "0", max = "1000000") int newPeersPerSecond,
      @Allowed(min = "0", max = "1000000") int unauthenticatedResponsesPerSecond,
      @Allowed(min = "1m", max = "1h") Duration lifetime,
      @Allowed(min = "1m", max = "1h") Duration maxLifetime,
      @Allowed(min = "1m", max = "1d") Duration nonceLifetime) {}

  /** The media relay of group calls. */
  public record Relay(
      @Allowed(min = "0", max = "65535") int port,
      @Allowed(min = "0", max = "64") int eventLoops,
      List<InetAddress> addresses,
      List<IceUri> stunServers,
      @Allowed(min = "4KiB", max = "256MiB") DataSize socketBuffer,
      @Allowed(min = "0ms", max = "10ms") Duration gatherTime,
      String region,
      RelaySignalling signalling,
      RelayLimits limits) {}

  /** The XMPP server over which a focus commands the relay. */
  public record RelaySignalling(
      Optional<HostName> host,
      @Allowed(min = "1", max = "65535") int port,
      Optional<String> jid,
      Optional<Secret> secret,
      List<String> focuses,
      List<String> certificatePins) {}

  /** Bounds of the media relay. */
  public record RelayLimits(
      @Allowed(min = "1", max = "100000") int conferences,
      @Allowed(min = "2", max = "10000") int endpointsPerConference,
      @Allowed(min = "1", max = "100") int audibleSpeakers,
      @Allowed(min = "100", max = "1000000") int packetsPerSecondPerEndpoint,
      @Allowed(min = "100", max = "1000000") int kilobitsPerSecondPerEndpoint) {}

  /** Health and metrics: one port for each role that runs by itself. */
  public record Management(
      InetAddress address,
      @Allowed(min = "0", max = "65535") int signallingPort,
      @Allowed(min = "0", max = "65535") int relayPort,
      @Allowed(min = "0", max = "65535") int turnPort) {}

  /** Log lines on standard error. */
  public record Log(@Reloadable Level level, @Reloadable Format format) {}

  /** Least level that is logged. */
  public enum Level {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** One line of text a record, or one JSON object. */
  public enum Format {
    TEXT,
    JSON
  }

  /**
   * What listeners bind: loopback until the server has a public address, so that nothing is open by
   * accident; then every address of the host.
   */
  public InetAddress listenAddress() {
    return bindAddress.orElseGet(
        () -> InetAddress.ofLiteral(publicAddress.isPresent() ? "0.0.0.0" : "127.0.0.1"));
  }

  /** The host that clients on the outside are told: the public address, or loopback. */
  public String advertisedHost() {
    return publicAddress.map(HostName::value).orElse("127.0.0.1");
  }
}
