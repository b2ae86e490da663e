package dev.sotto.turn;

import dev.sotto.turn.peer.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything an operator may set. Made with {@link #builder()}, whose defaults are those of the
 * fields below; building checks the values and throws {@link IllegalArgumentException} with one
 * line that says what is wrong.
 *
 * @param listen UDP addresses to listen on; port 0 picks a free one; default 127.0.0.1:3478
 * @param listenTcp TCP addresses to listen on; default none
 * @param listenTls TLS addresses to listen on, which need {@code tls}; default none
 * @param listenDtls UDP addresses to listen on for DTLS, which need {@code tls}; default none
 * @param tls the server's key and certificate, for TLS and DTLS
 * @param connectionsPerSource TCP and TLS connections and DTLS sessions from one address; default
 *     500
 * @param connectionsInTotal default 16,384
 * @param idleConnectionTimeout after which a connection without allocation and without a message is
 *     closed; default 30 s
 * @param relays where relayed ports are opened, at most one an address family; by default the
 *     listening addresses
 * @param firstRelayPort 1-65535, default 49152
 * @param lastRelayPort 1-65535, default 65535
 * @param realm long realms lengthen the challenge: up to 20 bytes keep it within 3.6 times a
 *     28-byte request
 * @param users passwords by username
 * @param sharedSecrets any of them makes time-limited credentials valid
 * @param defaultLifetime of an allocation whose client asks for less or nothing; default 10 min
 * @param maximumLifetime of an allocation; default 1 h
 * @param nonceLifetime default 1 h
 * @param allocationsPerUser default 100
 * @param allocationsInTotal default 16,384
 * @param traffic rates of bits and of new peers; default {@link TrafficLimits#DEFAULT}
 * @param permissionsPerAllocation also the limit of channels; default 256
 * @param permissionsPerUser over all allocations of one user; default 4,096: some 40 for each of
 *     the 100 allocations of the default, where a call needs ten
 * @param permissionsInTotal default 262,144: 16 for each of the 16,384 allocations of the default;
 *     at 210 bytes each (310 for IPv6) they take 55 to 80 MB, where the limits of allocations alone
 *     would let them take 900
 * @param eventLoops default: one a processor
 * @param alternateServer where new clients are sent while this server drains
 * @param allowPeers peers to allow although they are not global unicast
 * @param denyPeers peers to refuse in any case
 * @param unauthenticatedResponsesPerSecond to one source address; 0 for no limit; default 100
 * @param socketBufferBytes of listening sockets, each way; default 1 MiB
 */
public record TurnSettings(
    List<InetSocketAddress> listen,
    List<InetSocketAddress> listenTcp,
    List<InetSocketAddress> listenTls,
    List<InetSocketAddress> listenDtls,
    Optional<TurnTls> tls,
    int connectionsPerSource,
    int connectionsInTotal,
    Duration idleConnectionTimeout,
    List<RelayAddress> relays,
    int firstRelayPort,
    int lastRelayPort,
    String realm,
    Map<String, String> users,
    List<String> sharedSecrets,
    Duration defaultLifetime,
    Duration maximumLifetime,
    Duration nonceLifetime,
    int allocationsPerUser,
    int allocationsInTotal,
    TrafficLimits traffic,
    int permissionsPerAllocation,
    int permissionsPerUser,
    int permissionsInTotal,
    ChannelRange channelRange,
    int eventLoops,
    Optional<InetSocketAddress> alternateServer,
    List<Cidr> allowPeers,
    List<Cidr> denyPeers,
    int unauthenticatedResponsesPerSecond,
    int socketBufferBytes) {

  private static final int MAXIMUM_REALM_BYTES = 128;

  public TurnSettings {
    listen = List.copyOf(listen);
    listenTcp = List.copyOf(listenTcp);
    listenTls = List.copyOf(listenTls);
    listenDtls = List.copyOf(listenDtls);
    relays = relays.isEmpty() ? relaysOf(listen) : List.copyOf(relays);
    users = Map.copyOf(users);
    sharedSecrets = List.copyOf(sharedSecrets);
    allowPeers = List.copyOf(allowPeers);
    denyPeers = List.copyOf(denyPeers);
    check(!listen.isEmpty(), "listen names at least one address");
    check(
        listen.stream().noneMatch(InetSocketAddress::isUnresolved),
        "listen holds addresses, not names");
    check(listenTls.isEmpty() || tls.isPresent(), "listenTls needs a TLS key and certificate");
    check(listenDtls.isEmpty() || tls.isPresent(), "listenDtls needs a TLS key and certificate");
    check(
        connectionsPerSource >= 1 && connectionsInTotal >= 1,
        "limits of connections are at least 1");
    check(idleConnectionTimeout.toMillis() >= 1, "idleConnectionTimeout is at least a millisecond");
    check(!relays.isEmpty(), "relays must be given when listening on a wildcard address only");
    check(
        relays.stream().map(relay -> relay.bind().getClass()).distinct().count() == relays.size(),
        "relays holds at most one address of each family");
    check(
        firstRelayPort >= 1 && firstRelayPort <= lastRelayPort && lastRelayPort <= 0xFFFF,
        "relay ports " + firstRelayPort + "-" + lastRelayPort + " are not a range within 1-65535");
    int realmBytes = realm.getBytes(StandardCharsets.UTF_8).length;
    check(realmBytes >= 1 && realmBytes <= MAXIMUM_REALM_BYTES, "realm is 1-128 bytes long");
    check(sharedSecrets.stream().noneMatch(String::isEmpty), "a shared secret is empty");
    check(defaultLifetime.toSeconds() >= 1, "defaultLifetime is at least a second");
    check(
        maximumLifetime.compareTo(defaultLifetime) >= 0,
        "maximumLifetime is not less than defaultLifetime");
    check(nonceLifetime.toSeconds() >= 1, "nonceLifetime is at least a second");
    check(
        allocationsPerUser >= 1 && allocationsInTotal >= 1, "quotas of allocations are at least 1");
    check(permissionsPerAllocation >= 1, "permissionsPerAllocation is at least 1");
    check(
        permissionsPerUser >= 1 && permissionsInTotal >= 1, "quotas of permissions are at least 1");
    check(eventLoops >= 1, "eventLoops is at least 1");
    check(
        unauthenticatedResponsesPerSecond >= 0,
        "unauthenticatedResponsesPerSecond is not negative");
    check(socketBufferBytes >= 4096, "socketBufferBytes is at least 4096");
  }

  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String toString() {
    return "TurnSettings[listen=" + listen + ", relays=" + relays + ", realm=" + realm + "]";
  }

  private static List<RelayAddress> relaysOf(List<InetSocketAddress> listen) {
    return listen.stream()
        .map(InetSocketAddress::getAddress)
        .filter(address -> address != null && !address.isAnyLocalAddress())
        .distinct()
        .map(RelayAddress::of)
        .toList();
  }

  private static void check(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Collects settings, one call each; what is not called keeps its default. */
  public static final class Builder {
    private List<InetSocketAddress> listen =
        List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 3478));
    private List<InetSocketAddress> listenTcp = List.of();
    private List<InetSocketAddress> listenTls = List.of();
    private List<InetSocketAddress> listenDtls = List.of();
    private Optional<TurnTls> tls = Optional.empty();
    private int connectionsPerSource = 500;
    private int connectionsInTotal = 16_384;
    private Duration idleConnectionTimeout = Duration.ofSeconds(30);
    private List<RelayAddress> relays = List.of();
    private int firstRelayPort = 49152;
    private int lastRelayPort = 65535;
    private String realm = "sotto";
    private Map<String, String> users = Map.of();
    private List<String> sharedSecrets = List.of();
    private Duration defaultLifetime = Duration.ofMinutes(10);
    private Duration maximumLifetime = Duration.ofHours(1);
    private Duration nonceLifetime = Duration.ofHours(1);
    private int allocationsPerUser = 100;
    private int allocationsInTotal = 16_384;
    private TrafficLimits traffic = TrafficLimits.DEFAULT;
    private int permissionsPerAllocation = 256;
    private int permissionsPerUser = 4096;
    private int permissionsInTotal = 262_144;
    private ChannelRange channelRange = ChannelRange.RFC8656;
    private int eventLoops = Runtime.getRuntime().availableProcessors();
    private Optional<InetSocketAddress> alternateServer = Optional.empty();
    private List<Cidr> allowPeers = List.of();
    private List<Cidr> denyPeers = List.of();
    private int unauthenticatedResponsesPerSecond = 100;
    private int socketBufferBytes = 1 << 20;

    private Builder() {}

    public Builder listen(InetSocketAddress... addresses) {
      listen = List.of(addresses);
      return this;
    }

    public Builder listenTcp(InetSocketAddress... addresses) {
      listenTcp = List.of(addresses);
      return this;
    }

    public Builder listenTls(TurnTls identity, InetSocketAddress... addresses) {
      tls = Optional.of(identity);
      listenTls = List.of(addresses);
      return this;
    }

    /** With the same identity as {@link #listenTls}: the last one that is named counts. */
    public Builder listenDtls(TurnTls identity, InetSocketAddress... addresses) {
      tls = Optional.of(identity);
      listenDtls = List.of(addresses);
      return this;
    }

    public Builder connections(int perSource, int inTotal) {
      connectionsPerSource = perSource;
      connectionsInTotal = inTotal;
      return this;
    }

    public Builder idleConnectionTimeout(Duration timeout) {
      idleConnectionTimeout = timeout;
      return this;
    }

    public Builder relays(List<RelayAddress> addresses) {
      relays = addresses;
      return this;
    }

    public Builder relayPorts(int first, int last) {
      firstRelayPort = first;
      lastRelayPort = last;
      return this;
    }

    public Builder realm(String text) {
      realm = text;
      return this;
    }

    public Builder users(Map<String, String> passwordByUsername) {
      users = passwordByUsername;
      return this;
    }

    public Builder sharedSecrets(List<String> secrets) {
      sharedSecrets = secrets;
      return this;
    }

    public Builder lifetimes(Duration ofAllocations, Duration atMost) {
      defaultLifetime = ofAllocations;
      maximumLifetime = atMost;
      return this;
    }

    public Builder nonceLifetime(Duration lifetime) {
      nonceLifetime = lifetime;
      return this;
    }

    public Builder quotas(int perUser, int inTotal) {
      allocationsPerUser = perUser;
      allocationsInTotal = inTotal;
      return this;
    }

    public Builder traffic(TrafficLimits limits) {
      traffic = limits;
      return this;
    }

    public Builder permissionsPerAllocation(int count) {
      permissionsPerAllocation = count;
      return this;
    }

    public Builder permissionQuotas(int perUser, int inTotal) {
      permissionsPerUser = perUser;
      permissionsInTotal = inTotal;
      return this;
    }

    public Builder channelRange(ChannelRange range) {
      channelRange = range;
      return this;
    }

    public Builder eventLoops(int count) {
      eventLoops = count;
      return this;
    }

    public Builder alternateServer(InetSocketAddress address) {
      alternateServer = Optional.of(address);
      return this;
    }

    public Builder allowPeers(List<Cidr> blocks) {
      allowPeers = blocks;
      return this;
    }

    public Builder denyPeers(List<Cidr> blocks) {
      denyPeers = blocks;
      return this;
    }

    public Builder unauthenticatedResponsesPerSecond(int count) {
      unauthenticatedResponsesPerSecond = count;
      return this;
    }

    public Builder socketBufferBytes(int bytes) {
      socketBufferBytes = bytes;
      return this;
    }

    public TurnSettings build() {
      return new TurnSettings(
          listen,
          listenTcp,
          listenTls,
          listenDtls,
          tls,
          connectionsPerSource,
          connectionsInTotal,
          idleConnectionTimeout,
          relays,
          firstRelayPort,
          lastRelayPort,
          realm,
          users,
          sharedSecrets,
          defaultLifetime,
          maximumLifetime,
          nonceLifetime,
          allocationsPerUser,
          allocationsInTotal,
          traffic,
          permissionsPerAllocation,
          permissionsPerUser,
          permissionsInTotal,
          channelRange,
          eventLoops,
          alternateServer,
          allowPeers,
          denyPeers,
          unauthenticatedResponsesPerSecond,
          socketBufferBytes);
    }
  }
}
