package dev.sotto.turn.testkit;

import dev.sotto.turn.ClientTransport;
import dev.sotto.turn.DropReason;
import dev.sotto.turn.TrafficLimits;
import dev.sotto.turn.auth.LongTermUsers;
import dev.sotto.turn.auth.Nonces;
import dev.sotto.turn.auth.SecurityFeatures;
import dev.sotto.turn.auth.TimeLimitedCredentials;
import dev.sotto.turn.peer.Cidr;
import dev.sotto.turn.peer.HostPorts;
import dev.sotto.turn.peer.OwnAddresses;
import dev.sotto.turn.peer.PeerPolicy;
import dev.sotto.turn.protocol.Counters;
import dev.sotto.turn.protocol.Drain;
import dev.sotto.turn.protocol.ProtocolLimits;
import dev.sotto.turn.protocol.RelayPool;
import dev.sotto.turn.protocol.RelayPools;
import dev.sotto.turn.protocol.ResponseBudget;
import dev.sotto.turn.protocol.SharedState;
import dev.sotto.turn.protocol.TransportCounters;
import dev.sotto.turn.protocol.TurnWorker;
import dev.sotto.turn.relay.ClientLink;
import dev.sotto.turn.relay.IcmpError;
import dev.sotto.turn.relay.LocalRelays;
import dev.sotto.turn.relay.Quotas;
import dev.sotto.turn.relay.RelayPorts;
import dev.sotto.turn.relay.RelaySocket;
import dev.sotto.turn.relay.RelaySockets;
import dev.sotto.turn.relay.Reservations;
import dev.sotto.turn.relay.UserRates;
import dev.sotto.turn.stun.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;

/**
 * A TURN worker with virtual time and sockets of its own: clients send into it, peers send to its
 * relayed sockets, and what it sends lies in queues. The server is at 198.51.100.1 (own address),
 * its clients anywhere.
 */
public final class World implements RelaySockets {
  public static final String REALM = "sotto";
  public static final String SECRET = "a shared secret";
  public static final InetAddress RELAY_IPV4 = InetAddress.ofLiteral("198.51.100.1");
  public static final InetAddress RELAY_IPV6 = InetAddress.ofLiteral("2001:db8::1");

  public final VirtualClock clock = new VirtualClock();
  public final Counters counters = new Counters();
  public final HostPorts hostPorts = new HostPorts();
  public final RelayPorts ports;
  public final SharedState shared;
  public final TurnWorker worker;
  public final Set<Integer> portsTakenByOthers = new HashSet<>();
  private final Map<InetSocketAddress, Relayed> relayed = new HashMap<>();
  private final Set<InetSocketAddress> held = new HashSet<>();
  public boolean inboxFull;
  private final Random random = new Random(7);
  private final boolean discarding;
  private final boolean dontFragment;
  private final Udp link = new Udp();

  /** What a test may want different from the defaults. */
  public static final class Options {
    private int lastPort = 50_099;
    private int perUser = 10;
    private int total = 100;
    private int lastChannel = 0x4FFF;
    private int permissions = 16;
    private int permissionsPerUser = 100;
    private int permissionsInTotal = 1000;
    private TrafficLimits traffic = TrafficLimits.NONE;
    private int responsesPerSecond = 1_000_000;
    private boolean ipv6 = true;
    private boolean discarding;
    private boolean dontFragment = true;
    private Optional<InetSocketAddress> alternate = Optional.empty();
    private List<Cidr> allow = List.of();
    private List<Cidr> deny = List.of();

    public Options ports(int count) {
      lastPort = 50_000 + count - 1;
      return this;
    }

    public Options quotas(int ofUser, int inTotal) {
      perUser = ofUser;
      total = inTotal;
      return this;
    }

    public Options traffic(TrafficLimits limits) {
      traffic = limits;
      return this;
    }

    public Options lastChannel(int number) {
      lastChannel = number;
      return this;
    }

    public Options permissions(int count) {
      permissions = count;
      return this;
    }

    public Options permissionQuotas(int ofUser, int inTotal) {
      permissionsPerUser = ofUser;
      permissionsInTotal = inTotal;
      return this;
    }

    public Options responsesPerSecond(int count) {
      responsesPerSecond = count;
      return this;
    }

    /**
     * Relayed packets are released instead of kept, without a trace: for counting what they cost.
     */
    public Options discardingTraffic() {
      discarding = true;
      return this;
    }

    public Options alternate(InetSocketAddress server) {
      alternate = Optional.of(server);
      return this;
    }

    public Options withoutDontFragment() {
      dontFragment = false;
      return this;
    }

    public Options withoutIpv6() {
      ipv6 = false;
      return this;
    }

    public Options allow(String... blocks) {
      allow = Arrays.stream(blocks).map(Cidr::parse).toList();
      return this;
    }

    public Options deny(String... blocks) {
      deny = Arrays.stream(blocks).map(Cidr::parse).toList();
      return this;
    }
  }

  public World() {
    this(new Options());
  }

  public World(Options options) {
    discarding = options.discarding;
    dontFragment = options.dontFragment;
    ports = new RelayPorts(50_000, options.lastPort);
    List<RelayPool> pools = new ArrayList<>();
    pools.add(new RelayPool(RELAY_IPV4, RELAY_IPV4, ports));
    hostPorts.announceRelayAddress(RELAY_IPV4);
    if (options.ipv6) {
      pools.add(new RelayPool(RELAY_IPV6, RELAY_IPV6, new RelayPorts(50_000, options.lastPort)));
      hostPorts.announceRelayAddress(RELAY_IPV6);
    }
    PeerPolicy policy =
        new PeerPolicy(
            options.allow,
            options.deny,
            new OwnAddresses(List.of(RELAY_IPV4, RELAY_IPV6)),
            hostPorts);
    Quotas quotas = new Quotas(options.perUser, options.total);
    shared =
        new SharedState(
            new RelayPools(pools),
            hostPorts,
            new LocalRelays(),
            policy,
            quotas,
            new Quotas(options.permissionsPerUser, options.permissionsInTotal),
            new UserRates(options.traffic, clock.monotonicNanos()),
            new Reservations(quotas),
            new Drain(options.alternate));
    worker =
        new TurnWorker(
            shared,
            new TurnWorker.Parts(
                clock,
                random,
                PooledByteBufAllocator.DEFAULT,
                this,
                counters,
                REALM,
                new LongTermUsers(Map.of("alice", "wonderland", "bob", "builder"), REALM)
                    .orElse(new TimeLimitedCredentials(List.of(SECRET, "the secret before"))),
                new Nonces(
                    "nonce secret".getBytes(StandardCharsets.UTF_8),
                    clock,
                    Duration.ofHours(1),
                    () -> new SecurityFeatures(true)),
                new ResponseBudget(
                    options.responsesPerSecond,
                    2 * options.responsesPerSecond,
                    1,
                    clock.monotonicNanos()),
                ProtocolLimits.of(
                    Duration.ofMinutes(10),
                    Duration.ofHours(1),
                    options.permissions,
                    0x4000,
                    options.lastChannel)));
  }

  /** A client at this address that knows alice's password. */
  public TurnClient client(String ip, int port) {
    return new TurnClient(wire(ip, port), "alice", "wonderland");
  }

  public TurnClient client(int port) {
    return client("192.0.2.10", port);
  }

  public Wire wire(String ip, int port) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(ip), port);
    Queue<byte[]> inbox = link.inboxes.computeIfAbsent(address, _ -> new ArrayDeque<>());
    return new Wire() {
      @Override
      public void send(byte[] message) {
        ByteBuf datagram = Unpooled.copiedBuffer(message);
        worker.onClientDatagram(datagram, address, link);
      }

      @Override
      public Optional<byte[]> receive() {
        return Optional.ofNullable(inbox.poll());
      }

      @Override
      public InetSocketAddress localAddress() {
        return address;
      }
    };
  }

  /** Lets time pass, with the worker's tick every second. */
  public void passSeconds(int seconds) {
    for (int second = 0; second < seconds; second++) {
      clock.advance(Duration.ofSeconds(1));
      worker.onTick();
    }
  }

  /** Lets time pass without a tick, as when the loop is late. */
  public void passSecondsUnnoticed(int seconds) {
    clock.advance(Duration.ofSeconds(seconds));
  }

  public ClientLink link() {
    return link;
  }

  public Relayed relayed(InetSocketAddress address) {
    Relayed socket = relayed.get(address);
    if (socket == null) {
      throw new AssertionError("no relayed socket at " + address);
    }
    return socket;
  }

  public int relayedSockets() {
    return relayed.size();
  }

  public int allocations() {
    return link.allocations().size();
  }

  public long counted(TransportCounters.Counter counter) {
    return counters.of(ClientTransport.UDP).value(counter);
  }

  public long dropped(DropReason reason) {
    return counters.of(ClientTransport.UDP).dropped(reason);
  }

  @Override
  public RelaySocket open(InetSocketAddress address, ClientTransport transport, Receiver receiver)
      throws IOException {
    requireFree(address);
    Relayed socket = new Relayed(address, receiver);
    relayed.put(address, socket);
    return socket;
  }

  @Override
  public Inbox inbox() {
    return (to, payload, from) -> {
      if (inboxFull) {
        return false;
      }
      to.receive(payload, from);
      return true;
    };
  }

  @Override
  public boolean canForbidFragmentation() {
    return dontFragment;
  }

  @Override
  public Hold hold(InetSocketAddress address) throws IOException {
    requireFree(address);
    held.add(address);
    return () -> held.remove(address);
  }

  private void requireFree(InetSocketAddress address) throws IOException {
    if (portsTakenByOthers.contains(address.getPort())
        || relayed.containsKey(address)
        || held.contains(address)) {
      throw new IOException("address in use");
    }
  }

  /** A datagram that left a relayed socket, its payload as ISO 8859-1 text. */
  public record Sent(InetSocketAddress peer, String payload, boolean unfragmented) {
    public Sent(InetSocketAddress peer, String payload) {
      this(peer, payload, false);
    }
  }

  /** A relayed socket, whose peers are all elsewhere. */
  public final class Relayed implements RelaySocket {
    private final InetSocketAddress address;
    private final Receiver receiver;
    public final Queue<Sent> sent = new ArrayDeque<>();

    private Relayed(InetSocketAddress address, Receiver receiver) {
      this.address = address;
      this.receiver = receiver;
    }

    public Receiver receiver() {
      return receiver;
    }

    /** A peer sends a datagram to this relayed address. */
    public void receive(InetSocketAddress peer, String text) {
      byte[] payload = text.getBytes(StandardCharsets.ISO_8859_1);
      receiver.onPeerDatagram(Unpooled.copiedBuffer(payload), peer);
    }

    /** The network reports an error of what was sent from this relayed address. */
    public void receive(IcmpError error) {
      receiver.onIcmpError(error);
    }

    @Override
    public void send(ByteBuf payload, InetSocketAddress peer) {
      send(payload, peer, false);
    }

    @Override
    public void sendUnfragmented(ByteBuf payload, InetSocketAddress peer) {
      send(payload, peer, true);
    }

    private void send(ByteBuf payload, InetSocketAddress peer, boolean unfragmented) {
      if (discarding) {
        payload.release();
        return;
      }
      String text = payload.toString(StandardCharsets.ISO_8859_1);
      payload.release();
      sent.add(new Sent(peer, text, unfragmented));
    }

    @Override
    public void close() {
      relayed.remove(address);
    }
  }

  private final class Udp extends ClientLink {
    private final Map<InetSocketAddress, Queue<byte[]>> inboxes = new HashMap<>();

    @Override
    public ClientTransport transport() {
      return ClientTransport.UDP;
    }

    @Override
    public void send(ByteBuf message, InetSocketAddress client) {
      if (discarding && isRelayedData(message)) {
        message.release();
        return;
      }
      inboxes.computeIfAbsent(client, _ -> new ArrayDeque<>()).add(ByteBufUtil.getBytes(message));
      message.release();
    }

    private static boolean isRelayedData(ByteBuf message) {
      int type = message.getUnsignedShort(message.readerIndex());
      return type == MessageType.DATA_INDICATION || type >= 0x4000;
    }
  }
}
