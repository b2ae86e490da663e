package dev.sotto.turn;

import dev.sotto.turn.auth.Nonces;
import dev.sotto.turn.auth.ReplaceableCredentials;
import dev.sotto.turn.netty.Listeners;
import dev.sotto.turn.netty.Transport;
import dev.sotto.turn.netty.WorkerLoop;
import dev.sotto.turn.netty.WorkerLoop.Surroundings;
import dev.sotto.turn.peer.HostPorts;
import dev.sotto.turn.peer.OwnAddresses;
import dev.sotto.turn.peer.PeerPolicy;
import dev.sotto.turn.protocol.Drain;
import dev.sotto.turn.protocol.ProtocolLimits;
import dev.sotto.turn.protocol.RelayPool;
import dev.sotto.turn.protocol.RelayPools;
import dev.sotto.turn.protocol.ResponseBudget;
import dev.sotto.turn.protocol.SharedState;
import dev.sotto.turn.protocol.TransportCounters;
import dev.sotto.turn.protocol.TransportCounters.Counter;
import dev.sotto.turn.protocol.TurnWorker;
import dev.sotto.turn.relay.LocalRelays;
import dev.sotto.turn.relay.Quotas;
import dev.sotto.turn.relay.RelayPorts;
import dev.sotto.turn.relay.Reservations;
import dev.sotto.turn.relay.UserRates;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running TURN server (RFC 8656). {@link #start} returns when every address is bound; {@link
 * #close} ends every allocation and frees every port.
 */
public final class TurnServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TurnServer.class);
  private static final int NONCE_SECRET_BYTES = 32;
  private static final Duration DRAIN_POLL = Duration.ofMillis(50);
  private static final Duration LOOP_STOP = Duration.ofSeconds(5);

  private final EventLoopGroup group;
  private final List<WorkerLoop> loops;
  private final SharedState shared;
  private final ReplaceableCredentials credentials;
  private final Listeners listeners;
  private final TurnClock clock;

  /** Every address that has led to this server: live allocations and routers may still use it. */
  private final Set<InetAddress> knownAddresses;

  private TurnServer(
      EventLoopGroup group,
      List<WorkerLoop> loops,
      SharedState shared,
      ReplaceableCredentials credentials,
      Listeners listeners,
      TurnClock clock,
      TurnSettings settings) {
    this.group = group;
    this.loops = loops;
    this.shared = shared;
    this.credentials = credentials;
    this.listeners = listeners;
    this.clock = clock;
    this.knownAddresses = new HashSet<>(Reload.knownAddresses(List.of(settings)));
  }

  /**
   * Starts a server on the system's clock.
   *
   * @throws TurnServerException when an address cannot be bound, naming it
   */
  public static TurnServer start(TurnSettings settings) {
    return start(settings, TurnClock.system(), new SecureRandom());
  }

  /** Starts a server on a given clock and source of randomness. */
  public static TurnServer start(TurnSettings settings, TurnClock clock, SecureRandom random) {
    return start(settings, clock, random, Transport.best());
  }

  static TurnServer start(
      TurnSettings settings, TurnClock clock, SecureRandom random, Transport transport) {
    HostLimits.ofThisProcess().complaints(settings).forEach(LOG::warn);
    SharedState shared = sharedState(settings, clock);
    int count = transport.loops(settings.eventLoops());
    EventLoopGroup group = transport.newLoops(count);
    List<WorkerLoop> loops = new ArrayList<>();
    try {
      WorkerFactory workers = new WorkerFactory(settings, shared, clock, random);
      for (EventExecutor loop : group) {
        loops.add(new WorkerLoop(transport, (SingleThreadEventLoop) loop, workers::create));
      }
      Listeners listeners = Listeners.bind(loops, settings);
      loops.forEach(WorkerLoop::startTicking);
      LOG.info(
          "turn listening on udp {} tcp {} tls {} dtls {} with {} event loops on {}",
          listeners.udp(),
          listeners.tcp(),
          listeners.tls(),
          listeners.dtls(),
          count,
          transport);
      return new TurnServer(
          group, List.copyOf(loops), shared, workers.credentials, listeners, clock, settings);
    } catch (RuntimeException e) {
      loops.forEach(WorkerLoop::shutDown);
      stop(group);
      throw e;
    }
  }

  /** The first UDP address listened on, with its real port. */
  public InetSocketAddress boundAddress() {
    return listeners.udp().getFirst();
  }

  /** Every UDP address listened on, in the order of the settings. */
  public List<InetSocketAddress> boundAddresses() {
    return listeners.udp();
  }

  /** Every TCP address listened on, in the order of the settings. */
  public List<InetSocketAddress> boundTcpAddresses() {
    return listeners.tcp();
  }

  /** Every TLS address listened on, in the order of the settings. */
  public List<InetSocketAddress> boundTlsAddresses() {
    return listeners.tls();
  }

  /** Every UDP address listened on for DTLS, in the order of the settings. */
  public List<InetSocketAddress> boundDtlsAddresses() {
    return listeners.dtls();
  }

  /**
   * Shows another certificate to TLS and DTLS clients from now on; connections that live keep
   * theirs.
   *
   * @throws TurnServerException when key and certificate cannot be used; the former ones stay then
   */
  public void replaceTls(TurnTls identity) {
    listeners.tlsReplacement(identity).run();
  }

  /**
   * Takes up what these settings say of users, shared secrets, the addresses that relays are
   * advertised as, allowed and denied peers, the alternate server, and the TLS identity.
   * Allocations live on: they keep the addresses they were told, permissions that the lists refuse
   * now end, and who has lost access is refused at the next refresh. Other settings take a new
   * server, and stay as they are.
   *
   * @throws TurnServerException when key and certificate cannot be used; nothing has changed then
   */
  public synchronized void reload(TurnSettings wanted) {
    // Whatever can fail comes first, so that settings that cannot be used change nothing.
    Runnable newTls = wanted.tls().map(listeners::tlsReplacement).orElse(() -> {});
    Runnable newCredentials = credentials.replacement(wanted.users(), wanted.sharedSecrets());
    List<RelayPool> pools = Reload.pools(shared, wanted);
    knownAddresses.addAll(Reload.knownAddresses(List.of(wanted)));
    OwnAddresses own = OwnAddresses.ofThisHost(List.copyOf(knownAddresses));
    newTls.run();
    newCredentials.run();
    pools.forEach(pool -> shared.hostPorts().announceRelayAddress(pool.advertisedAddress()));
    shared.peerPolicy().replace(wanted.allowPeers(), wanted.denyPeers(), own);
    shared.pools().replace(pools);
    shared.drain().sendTo(wanted.alternateServer());
    loops.forEach(WorkerLoop::policyChanged);
    LOG.info("turn reloaded its settings");
    Reload.relaysNotTakenUp(shared, wanted)
        .forEach(relay ->
            LOG.warn(
                "turn goes on relaying as before: to relay from {}, told as {}, takes a new start",
                relay.bind().getHostAddress(),
                relay.advertised().getHostAddress()));
  }

  /**
   * Ports of this host that clients may reach through it. Relayed ports are added by the server
   * itself; the composition root opens others, such as a media relay's.
   */
  public HostPorts hostPorts() {
    return shared.hostPorts();
  }

  public TurnStatistics statistics() {
    Map<ClientTransport, TransportStatistics> transports = new EnumMap<>(ClientTransport.class);
    for (ClientTransport transport : ClientTransport.values()) {
      transports.put(transport, statistics(transport));
    }
    return new TurnStatistics(
        shared.reservations().size(),
        shared.pools().all().stream().mapToInt(pool -> pool.ports().claimedCount()).sum(),
        shared.permissionQuotas().current(),
        transports);
  }

  private TransportStatistics statistics(ClientTransport transport) {
    // Read in this order the difference is never negative, whatever ends or starts in between.
    long ended = sum(transport, Counter.ALLOCATIONS_ENDED);
    long started = sum(transport, Counter.ALLOCATIONS_STARTED);
    return new TransportStatistics(
        Math.toIntExact(started - ended),
        started,
        sum(transport, Counter.PACKETS_TO_PEERS),
        sum(transport, Counter.BYTES_TO_PEERS),
        sum(transport, Counter.PACKETS_TO_CLIENTS),
        sum(transport, Counter.BYTES_TO_CLIENTS),
        sum(transport, Counter.BINDING_RESPONSES),
        sum(transport, Counter.CHALLENGES),
        sum(transport, Counter.ERROR_RESPONSES),
        Arrays.stream(DropReason.values())
            .collect(
                Collectors.toMap(
                    reason -> reason,
                    reason -> total(transport, counters -> counters.dropped(reason)))));
  }

  /**
   * Takes no new allocations and waits until the last one has ended.
   *
   * @return whether they all ended before the deadline
   */
  public boolean drain(Duration deadline) throws InterruptedException {
    shared.drain().begin();
    LOG.info("turn takes no new allocations");
    long giveUpAtNanos = clock.monotonicNanos() + deadline.toNanos();
    int left = statistics().total().allocations();
    while (left > 0) {
      if (clock.monotonicNanos() - giveUpAtNanos >= 0) {
        LOG.warn("turn drain deadline reached, allocations left: {}", left);
        return false;
      }
      Thread.sleep(DRAIN_POLL);
      left = statistics().total().allocations();
    }
    return true;
  }

  /**
   * Ends every allocation, frees every port and stops the event loops. Closing twice does nothing.
   */
  @Override
  public void close() {
    if (!group.isShuttingDown()) {
      shared.drain().begin();
      loops.forEach(WorkerLoop::shutDown);
      stop(group);
      LOG.info("turn stopped");
    }
  }

  private static SharedState sharedState(TurnSettings settings, TurnClock clock) {
    HostPorts hostPorts = new HostPorts();
    List<RelayPool> pools = new ArrayList<>();
    for (RelayAddress relay : settings.relays()) {
      RelayPorts ports = new RelayPorts(settings.firstRelayPort(), settings.lastRelayPort());
      pools.add(new RelayPool(relay.bind(), relay.advertised(), ports));
      hostPorts.announceRelayAddress(relay.advertised());
    }
    PeerPolicy policy =
        new PeerPolicy(
            settings.allowPeers(),
            settings.denyPeers(),
            OwnAddresses.ofThisHost(Reload.knownAddresses(List.of(settings))),
            hostPorts);
    Quotas quotas = new Quotas(settings.allocationsPerUser(), settings.allocationsInTotal());
    return new SharedState(
        new RelayPools(pools),
        hostPorts,
        new LocalRelays(),
        policy,
        quotas,
        new Quotas(settings.permissionsPerUser(), settings.permissionsInTotal()),
        new UserRates(settings.traffic(), clock.monotonicNanos()),
        new Reservations(quotas),
        new Drain(settings.alternateServer()));
  }

  private static void stop(EventLoopGroup group) {
    group
        .shutdownGracefully(0, LOOP_STOP.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(LOOP_STOP.toMillis());
  }

  private long sum(ClientTransport transport, Counter counter) {
    return total(transport, counters -> counters.value(counter));
  }

  private long total(ClientTransport transport, ToLongFunction<TransportCounters> value) {
    return loops.stream().mapToLong(loop -> value.applyAsLong(loop.counters().of(transport))).sum();
  }

  /**
   * Makes the workers: alike, sharing the nonce secret, each with engines and randomness of its
   * own.
   */
  private static final class WorkerFactory {
    private final TurnSettings settings;
    private final SharedState shared;
    private final TurnClock clock;
    private final SecureRandom random;
    private final byte[] nonceSecret = new byte[NONCE_SECRET_BYTES];
    private final ReplaceableCredentials credentials;
    private final ResponseBudget budget;

    WorkerFactory(TurnSettings settings, SharedState shared, TurnClock clock, SecureRandom random) {
      this.settings = settings;
      this.shared = shared;
      this.clock = clock;
      this.random = random;
      random.nextBytes(nonceSecret);
      credentials =
          new ReplaceableCredentials(settings.realm(), settings.users(), settings.sharedSecrets());
      int perSecond = settings.unauthenticatedResponsesPerSecond();
      budget =
          new ResponseBudget(perSecond, 2 * perSecond, random.nextLong(), clock.monotonicNanos());
    }

    TurnWorker create(Surroundings surroundings) {
      return new TurnWorker(
          shared,
          new TurnWorker.Parts(
              clock,
              random,
              PooledByteBufAllocator.DEFAULT,
              surroundings.sockets(),
              surroundings.counters(),
              settings.realm(),
              credentials,
              new Nonces(nonceSecret, clock, settings.nonceLifetime(), credentials::features),
              budget,
              limits()));
    }

    private ProtocolLimits limits() {
      return ProtocolLimits.of(
          settings.defaultLifetime(),
          settings.maximumLifetime(),
          settings.permissionsPerAllocation(),
          settings.channelRange().first(),
          settings.channelRange().last());
    }
  }
}
