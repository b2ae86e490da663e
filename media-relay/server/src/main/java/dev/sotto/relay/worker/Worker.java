package dev.sotto.relay.worker;

import dev.sotto.media.demux.PacketKind;
import dev.sotto.media.dtls.CertificateSource;
import dev.sotto.media.dtls.DtlsContext;
import dev.sotto.media.dtls.DtlsSettings;
import dev.sotto.media.ice.AddressMapping;
import dev.sotto.media.ice.CandidateType;
import dev.sotto.media.ice.CheckResult;
import dev.sotto.media.ice.IceResponder;
import dev.sotto.media.ice.LocalCandidate;
import dev.sotto.media.srtp.SrtpTransforms;
import dev.sotto.relay.conference.ConferenceContext;
import dev.sotto.relay.conference.ConferenceListener;
import dev.sotto.relay.conference.PacketPool;
import dev.sotto.relay.conference.TimerWheel;
import dev.sotto.relay.conference.WheelTimer;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.statistics.DropReason;
import dev.sotto.relay.statistics.LoopLag;
import dev.sotto.relay.transport.AddressTable;
import dev.sotto.relay.transport.EndpointTransport;
import dev.sotto.relay.transport.Handshakes;
import dev.sotto.relay.transport.NativeMemory;
import dev.sotto.relay.transport.PacketSink;
import dev.sotto.relay.transport.RemoteKeys;
import dev.sotto.relay.transport.TransportContext;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * One event loop, one UDP port on each address, and the conferences that live there. A datagram is
 * told by its first byte, found by where it came from, and handled to its end before the next; what
 * that makes to be sent leaves when the batch is through.
 */
final class Worker implements MediaSocket.Receiver {
  private static final long HOUSEKEEPING_NANOS = 1_000_000_000L;

  private final EventLoop loop;
  private final Clock clock;
  private final Counters counters = new Counters();
  private final LoopLag lag = new LoopLag();
  private final LongSupplier nanoClock;
  private final TimerWheel timers;
  private final LoopTimer loopTimer;
  private final AddressTable<EndpointTransport> addresses = new AddressTable<>();
  private final List<DatagramChannel> channels = new ArrayList<>();
  private final IceResponder ice;
  private final CertificateSource certificates;
  private final WorkerConferences conferences;
  private final List<InetSocketAddress> bound;
  private volatile List<LocalCandidate> candidates;
  private final PacketPool packets;
  private final SendSlab slab;
  private final FaultLog faults;

  /** Conferences that were promised this worker and that it has not looked at yet. */
  private final AtomicInteger promised = new AtomicInteger();

  private final AtomicInteger load = new AtomicInteger();
  private boolean closed;

  /** Bound, not yet reading on behalf of anybody. Called on another thread than the loop. */
  Worker(
      EventLoop loop,
      RelaySettings settings,
      int port,
      SharedParts shared,
      ConferenceListener listener) {
    this.loop = loop;
    this.clock = shared.clock();
    this.nanoClock = shared.nanoClock();
    SecureRandom random = shared.random();
    timers = new TimerWheel(nanoClock.getAsLong());
    bound = bind(settings, port);
    faults = new FaultLog(bound.getFirst().getPort(), counters);
    candidates = LocalCandidate.of(bound, mappings(settings.publicAddress(), bound));
    ice = new IceResponder(random, this::sendStun);
    certificates =
        new CertificateSource(
            random,
            CertificateSource.DEFAULT_VALIDITY,
            CertificateSource.DEFAULT_RENEWAL,
            clock.instant());
    slab =
        new SendSlab(channels, PooledByteBufAllocator.DEFAULT, Kernel.hasSegmentation(), counters);
    packets = new PacketPool(settings.queuedPackets());
    TransportContext transports =
        new TransportContext(
            ice,
            new DtlsContext(random, DtlsSettings.DEFAULT),
            shared.srtp(),
            shared.handshakes(),
            addresses,
            slab,
            random,
            this::execute,
            settings.transportLimits(),
            counters);
    ConferenceContext context =
        new ConferenceContext(transports, timers, packets, settings.conference(), random, counters);
    conferences =
        new WorkerConferences(context, settings.limits(), certificates, candidates, listener);
    loopTimer = new LoopTimer(loop, timers, this::onTime);
  }

  /** What the workers of one relay have in common. */
  record SharedParts(
      SrtpTransforms srtp,
      Handshakes handshakes,
      SecureRandom random,
      Clock clock,
      LongSupplier nanoClock) {}

  private List<InetSocketAddress> bind(RelaySettings settings, int port) {
    List<InetSocketAddress> listening = new ArrayList<>();
    try {
      bind(settings, port, listening);
    } catch (RelayException e) {
      channels.forEach(channel -> channel.close().awaitUninterruptibly());
      throw e;
    }
    return listening;
  }

  private void bind(RelaySettings settings, int port, List<InetSocketAddress> listening) {
    for (int i = 0; i < settings.listenAddresses().size(); i++) {
      InetSocketAddress address =
          new InetSocketAddress(
              settings.listenAddresses().get(i),
              listening.isEmpty() ? port : listening.getFirst().getPort());
      DatagramChannel channel =
          Kernel.bind(
              loop, address, settings.socketBufferBytes(), new MediaSocket(i, this, counters));
      channels.add(channel);
      listening.add(channel.localAddress());
    }
  }

  /** Behind a one-to-one NAT the public address stands for each own one of its family. */
  private static List<AddressMapping> mappings(
      Optional<InetAddress> exposed, List<InetSocketAddress> own) {
    return own.stream()
        .map(InetSocketAddress::getAddress)
        .filter(address -> !address.isLoopbackAddress())
        .flatMap(address ->
            exposed.stream()
                .filter(to -> !to.equals(address) && isIpv4(to) == isIpv4(address))
                .map(to -> new AddressMapping(address, to, CandidateType.HOST)))
        .toList();
  }

  private static boolean isIpv4(InetAddress address) {
    return address instanceof Inet4Address;
  }

  Counters counters() {
    return counters;
  }

  LoopLag lag() {
    return lag;
  }

  /** Conferences and endpoints, weighed; read by any thread when a conference needs a worker. */
  int load() {
    return load.get() + promised.get();
  }

  /** A conference will be made here, which counts before it is. */
  void promise() {
    promised.incrementAndGet();
  }

  /** What was promised has been made, or refused. */
  void keepPromise() {
    promised.decrementAndGet();
  }

  /** On the loop: what is held now counts from now on. */
  void weigh() {
    load.lazySet(conferences.load());
  }

  /** The clock of {@link #conferences}. */
  long nowNanos() {
    return nanoClock.getAsLong();
  }

  /** Candidates of endpoints that come from now on name these addresses too. Of any thread. */
  void map(List<AddressMapping> mappings) {
    List<LocalCandidate> mapped = LocalCandidate.of(bound, mappings);
    candidates = mapped;
    execute(() -> conferences.setCandidates(mapped));
  }

  /** Own addresses, with the port. */
  List<InetSocketAddress> bound() {
    return bound;
  }

  List<LocalCandidate> candidates() {
    return candidates;
  }

  /** What is asked of its conferences, on its loop. */
  WorkerConferences conferences() {
    return conferences;
  }

  /**
   * Runs a task on the loop, and what follows from it.
   *
   * @throws java.util.concurrent.RejectedExecutionException when the loop has ended
   */
  void execute(Runnable task) {
    loop.execute(() -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        faults.onFault("in a task", e, nowNanos());
      } finally {
        settle();
      }
    });
  }

  /** Begins to receive. */
  void start() {
    execute(() -> {
      timers.schedule(new Housekeeping(), nowNanos() + HOUSEKEEPING_NANOS);
      channels.forEach(channel -> channel.config().setAutoRead(true));
    });
  }

  private final class Housekeeping extends WheelTimer {
    @Override
    protected void onDue(long nowNanos) {
      timers.schedule(this, nowNanos + HOUSEKEEPING_NANOS);
      var _ = certificates.renewIfDue(clock.instant());
      conferences.onTimer(nowNanos);
    }
  }

  @Override
  public void onDatagram(long address, int length, int socket, InetSocketAddress remote) {
    counters.increment(Counter.PACKETS_RECEIVED);
    counters.add(Counter.BYTES_RECEIVED, length);
    long now = nowNanos();
    try {
      handle(address, length, socket, remote, now);
    } catch (RuntimeException e) {
      // Whoever sent it must not end what is due for others.
      faults.onFault("at a datagram", e, now);
    }
  }

  private void handle(long address, int length, int socket, InetSocketAddress remote, long now) {
    MemorySegment memory = NativeMemory.ALL;
    PacketKind kind = PacketKind.of(memory, address, length);
    long key = RemoteKeys.of(socket, remote);
    switch (kind) {
      case STUN -> {
        CheckResult result = ice.onDatagram(memory, address, length, key, remote, now);
        if (result == CheckResult.ANSWERED) {
          counters.increment(Counter.STUN_CHECKS_ANSWERED);
        } else {
          counters.drop(DropReason.STUN_REFUSED);
        }
      }
      case RTP, RTCP, DTLS -> {
        EndpointTransport transport = addresses.find(key, remote, null);
        if (transport == null) {
          counters.drop(DropReason.UNKNOWN_ADDRESS);
        } else {
          transport.onDatagram(kind, memory, address, length, now);
        }
      }
      case TRUNCATED -> counters.drop(DropReason.TRUNCATED);
      case OTHER -> counters.drop(DropReason.UNKNOWN_KIND);
    }
  }

  @Override
  public void onBatchEnd() {
    settle();
  }

  @Override
  public void onSendFailed(Throwable cause) {
    slab.onSendFailed(cause);
  }

  private void onTime() {
    settle();
  }

  /** Runs the timers that are due, sends what has gathered and looks for the next timer. */
  private void settle() {
    if (closed) {
      return;
    }
    long now = nowNanos();
    lag.record(timers, now);
    try {
      timers.advance(now);
    } catch (RuntimeException e) {
      faults.onFault("in a timer", e, now);
    }
    slab.flush();
    weigh();
    loopTimer.arm(nowNanos());
  }

  private void sendStun(byte[] message, long remoteKey, InetSocketAddress remote) {
    long place = slab.reserve(message.length);
    if (place != PacketSink.NO_ROOM) {
      MemorySegment.copy(MemorySegment.ofArray(message), 0, slab.segment(), place, message.length);
      slab.send(message.length, RemoteKeys.socket(remoteKey), remote);
    }
  }

  /** Ends all conferences and closes the sockets; returns when that is done. */
  void close() {
    loop.submit(
            () -> {
              conferences.close();
              slab.flush();
            })
        .awaitUninterruptibly();
    channels.forEach(channel -> channel.close().awaitUninterruptibly());
    loop.submit(
            () -> {
              closed = true;
              slab.close();
            })
        .awaitUninterruptibly();
  }
}
