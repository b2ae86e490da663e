package dev.sotto.relay.conference;

import com.sun.management.ThreadMXBean;
import dev.sotto.media.demux.PacketKind;
import dev.sotto.media.dtls.CertificateSource;
import dev.sotto.media.dtls.DtlsCertificate;
import dev.sotto.media.dtls.DtlsContext;
import dev.sotto.media.dtls.DtlsRole;
import dev.sotto.media.dtls.DtlsSettings;
import dev.sotto.media.ice.IceCredentials;
import dev.sotto.media.ice.IceResponder;
import dev.sotto.media.srtp.SrtpProvider;
import dev.sotto.media.srtp.SrtpTransforms;
import dev.sotto.relay.control.FeedbackSources;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.statistics.DropReason;
import dev.sotto.relay.transport.AddressTable;
import dev.sotto.relay.transport.EndpointTransport;
import dev.sotto.relay.transport.Handshakes;
import dev.sotto.relay.transport.PacketSink;
import dev.sotto.relay.transport.RemoteKeys;
import dev.sotto.relay.transport.TransportContext;
import dev.sotto.relay.transport.TransportLimits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A conference on virtual time, its endpoints connected by real ICE, DTLS and SRTP without a
 * network: what the relay sends is handed to its receiver at once.
 */
final class Room implements AutoCloseable, ConferenceListener {
  static final long MILLISECOND = 1_000_000L;
  static final long SECOND = 1_000 * MILLISECOND;
  static final FeedbackSources FEEDBACK = new FeedbackSources(901, 902);
  static final DtlsContext DTLS = new DtlsContext(new SecureRandom(), DtlsSettings.DEFAULT);

  /** One for all, as it takes long to make; that it is valid since now is what is wanted. */
  @SuppressWarnings("TimeInStaticInitializer")
  static final DtlsCertificate CERTIFICATE =
      new CertificateSource(
              new SecureRandom(),
              CertificateSource.DEFAULT_VALIDITY,
              CertificateSource.DEFAULT_RENEWAL,
              Clock.systemUTC().instant())
          .current();

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long CHECK_INTERVAL_NANOS = 5 * SECOND;
  private static final long PATIENCE_SECONDS = 30;
  private static final int SLAB_BYTES = 2048;

  final Counters counters = new Counters();
  final PacketPool pool;
  final List<String> announcedSlots = new ArrayList<>();
  final Map<String, List<Occupancy>> slots = new HashMap<>();
  final List<List<String>> speakers = new ArrayList<>();
  final Conference conference;
  final TimerWheel wheel;
  final SrtpTransforms srtp;
  long now = 10 * SECOND;

  /** Set while only the relay's own work is to be measured. */
  boolean deaf;

  long sentPackets;

  /** What the relay has allocated on the heap, the test's own parts left out. */
  long allocatedBytes;

  private final BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
  private final AddressTable<EndpointTransport> addresses = new AddressTable<>();
  private final IceResponder ice;
  private final ConferenceContext context;
  private final Map<Integer, Member> byPort = new HashMap<>();
  private final Map<String, Member> members = new HashMap<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final MemorySegment slab = Arena.ofAuto().allocate(SLAB_BYTES);
  private final MemorySegment received = Arena.ofAuto().allocate(SLAB_BYTES);
  private long eventCount;
  private int nextPort = 1024;

  private record Event(long atNanos, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return atNanos == other.atNanos
          ? Long.compare(order, other.order)
          : Long.compare(atNanos, other.atNanos);
    }
  }

  Room() {
    this(4096, SrtpProvider.AUTOMATIC);
  }

  Room(int poolPackets, SrtpProvider provider) {
    Random random = new Random(1);
    srtp = SrtpTransforms.with(provider);
    pool = new PacketPool(poolPackets);
    wheel = new TimerWheel(now);
    ice = new IceResponder(random, (_, _, _) -> {});
    TransportContext transports =
        new TransportContext(
            ice,
            DTLS,
            srtp,
            new Handshakes(100),
            addresses,
            new Sink(),
            random,
            loop::add,
            TransportLimits.DEFAULT,
            counters);
    context =
        new ConferenceContext(
            transports, wheel, pool, ConferenceSettings.DEFAULT, random, counters);
    conference = new Conference("room", FEEDBACK, context, this, now);
  }

  ConferenceContext context() {
    return context;
  }

  /** Hands over at once what the relay sends. */
  private final class Sink implements PacketSink {
    @Override
    public MemorySegment segment() {
      return slab;
    }

    @Override
    public long reserve(int bytes) {
      return 0;
    }

    @Override
    public boolean sendsRuns() {
      return true;
    }

    @Override
    public void send(int length, int socket, InetSocketAddress remote) {
      sentPackets++;
      if (!deaf) {
        byPort.get(remote.getPort()).onDatagram(bytes(slab, length), now);
      }
    }
  }

  static byte[] bytes(MemorySegment segment, int length) {
    return segment.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** An endpoint that is there and connected. */
  Member join(Described described) {
    Member member = enter(described);
    connect(member);
    return member;
  }

  /** An endpoint that is known, and not connected yet. */
  Member enter(Described described) {
    EndpointTransport transport = conference.add(described.state(), CERTIFICATE, now);
    Member member = new Member(this, described, transport, nextPort++);
    transport.setRemoteCredentials(new IceCredentials(Member.UFRAG, Member.PASSWORD));
    transport.setRemoteFingerprints(List.of(CERTIFICATE.fingerprint()), DtlsRole.PASSIVE);
    members.put(described.id, member);
    byPort.put(member.port(), member);
    return member;
  }

  Member member(String id) {
    return members.get(id);
  }

  void connect(Member member) {
    check(member);
    member.shakeHands(loop);
    runLoopUntil(() -> member.isConnected() && member.transport().isConnected());
    settle();
  }

  private void check(Member member) {
    byte[] check = member.check();
    MemorySegment.copy(check, 0, received, ValueLayout.JAVA_BYTE, 0, check.length);
    InetSocketAddress from = member.address();
    ice.onDatagram(received, 0, check.length, RemoteKeys.of(0, from), from, now);
    member.nextCheckNanos = now + CHECK_INTERVAL_NANOS;
  }

  private void runLoopUntil(BooleanSupplier done) {
    try {
      while (!done.getAsBoolean()) {
        Runnable task = loop.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (task == null) {
          throw new AssertionError("the handshake stands still");
        }
        task.run();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What signalling says of a member has changed. */
  void change(Member member) {
    conference.change(member.described().state(), now);
    settle();
  }

  void leave(Member member) {
    conference.remove(member.described().id, now);
    members.remove(member.described().id);
    settle();
  }

  /** A datagram of an endpoint. */
  void deliver(Member from, byte[] datagram) {
    MemorySegment.copy(datagram, 0, received, ValueLayout.JAVA_BYTE, 0, datagram.length);
    PacketKind kind = PacketKind.of(received, 0, datagram.length);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    from.transport().onDatagram(kind, received, 0, datagram.length, now);
    allocatedBytes += THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Forgets the far sides of all connections, so that only the relay's are in memory. */
  void forgetMembers() {
    deaf = true;
    members.clear();
    byPort.clear();
    events.clear();
  }

  void at(long atNanos, Runnable action) {
    events.add(new Event(atNanos, eventCount++, action));
  }

  /** Does something every so often from now on, while it says true. */
  void every(long periodNanos, BooleanSupplier action) {
    at(
        now,
        () -> {
          if (action.getAsBoolean()) {
            at(now + periodNanos, () -> every(periodNanos, action));
          }
        });
  }

  void settle() {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    wheel.advance(now);
    allocatedBytes += THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  void seconds(double seconds) {
    advance((long) (seconds * SECOND));
  }

  void millis(long millis) {
    advance(millis * MILLISECOND);
  }

  private void advance(long nanos) {
    long end = now + nanos;
    while (true) {
      long event = events.isEmpty() ? Long.MAX_VALUE : events.peek().atNanos();
      long next = Math.min(event, wheel.nextDueNanos());
      if (next > end) {
        break;
      }
      now = Math.max(now, next);
      keepConsent();
      if (event <= now) {
        events.remove().action().run();
      }
      settle();
      for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
        task.run();
      }
    }
    now = end;
    settle();
  }

  private void keepConsent() {
    for (Member member : members.values()) {
      if (member.keepsConsent && member.isConnected() && now >= member.nextCheckNanos) {
        check(member);
      }
    }
  }

  long count(Counter counter) {
    return counters.value(counter);
  }

  long dropped(DropReason reason) {
    return counters.dropped(reason);
  }

  @Override
  public void onSlots(String conferenceId, String endpointId, List<Occupancy> occupied) {
    announcedSlots.add(endpointId);
    slots.put(endpointId, occupied);
  }

  /** Whose source is in which slot of an endpoint. */
  List<String> occupants(String endpointId) {
    return slots.getOrDefault(endpointId, List.of()).stream()
        .map(slot -> slot.occupant().map(Occupant::sourceId).orElse(""))
        .toList();
  }

  @Override
  public void onSpeakers(String conferenceId, List<String> endpointIds) {
    speakers.add(endpointIds);
  }

  @Override
  public void onEndpointFailed(String conferenceId, String endpointId, String why) {
    throw new AssertionError(endpointId + ": " + why);
  }

  @Override
  public void onEndpointLeft(String conferenceId, String endpointId) {
    slots.remove(endpointId);
  }

  @Override
  public void onConferenceEnded(String conferenceId) {
    slots.clear();
  }

  /** Ends the conference; nothing of the pool may be left in use then. */
  @Override
  public void close() {
    conference.close();
    if (pool.used() != 0) {
      throw new AssertionError(pool.used() + " packets of the pool have leaked");
    }
    if (wheel.size() != 0) {
      throw new AssertionError(wheel.size() + " timers are left");
    }
  }
}
