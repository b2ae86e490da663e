package dev.sotto.relay.testkit;

import dev.sotto.relay.conference.ConferenceListener;
import dev.sotto.relay.conference.ConferenceReport;
import dev.sotto.relay.control.ConferenceAnswer;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.DtlsSetup;
import dev.sotto.relay.control.Encoding;
import dev.sotto.relay.control.EndpointChange;
import dev.sotto.relay.control.EndpointSettings;
import dev.sotto.relay.control.Fingerprint;
import dev.sotto.relay.control.HeaderExtension;
import dev.sotto.relay.control.IceCredentials;
import dev.sotto.relay.control.LocalTransport;
import dev.sotto.relay.control.MediaDescription;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.PayloadType;
import dev.sotto.relay.control.RemoteTransport;
import dev.sotto.relay.control.SourceDescription;
import dev.sotto.relay.control.SourceKind;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.DropReason;
import dev.sotto.relay.worker.RelayServer;
import dev.sotto.relay.worker.RelaySettings;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A relay on loopback and the people who call over it. Its clock runs, and can be set forward: what
 * is due by then happens at the next {@link #poke}.
 */
public final class RelayWorld implements AutoCloseable {
  public static final int OPUS = 111;

  /** Wants to hear nothing. */
  public static final ConferenceListener DEAF =
      new ConferenceListener() {
        @Override
        public void onSlots(String conference, String endpoint, List<Occupancy> slots) {}

        @Override
        public void onSpeakers(String conference, List<String> endpoints) {}

        @Override
        public void onEndpointFailed(String conference, String endpoint, String why) {}

        @Override
        public void onEndpointLeft(String conference, String endpoint) {}

        @Override
        public void onConferenceEnded(String conference) {}
      };

  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final long LOOK_NANOS = 1_000_000L;

  private final AtomicLong aheadNanos = new AtomicLong();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private final Queue<Peer> peers = new ConcurrentLinkedQueue<>();
  private final RelayServer relay;

  public RelayWorld(int workers) {
    this(RelaySettings.on(List.of(InetAddress.getLoopbackAddress()), 0, workers));
  }

  public RelayWorld(RelaySettings settings) {
    relay =
        RelayServer.start(
            settings,
            new SecureRandom(),
            Clock.systemUTC(),
            () -> System.nanoTime() + aheadNanos.get(),
            new ConferenceListener() {
              @Override
              public void onSlots(String conference, String endpoint, List<Occupancy> slots) {}

              @Override
              public void onSpeakers(String conference, List<String> endpoints) {}

              @Override
              public void onEndpointFailed(String conference, String endpoint, String why) {
                failed.add(endpoint + " " + why);
              }

              @Override
              public void onEndpointLeft(String conference, String endpoint) {}

              @Override
              public void onConferenceEnded(String conference) {}
            });
  }

  public RelayServer relay() {
    return relay;
  }

  /** Endpoints that the relay said have failed, each with the reason. */
  public List<String> failed() {
    return List.copyOf(failed);
  }

  /** Sets the relay's clock forward. */
  public void pass(long seconds) {
    aheadNanos.addAndGet(seconds * 1_000_000_000L);
  }

  /** Has the worker of a conference look at its timers. */
  public void poke(String conference) {
    var _ = relay.report(conference).toCompletableFuture().join();
  }

  /** Where media of each endpoint goes. */
  public List<String> describePaths(String conference) {
    return relay.report(conference).toCompletableFuture().join().stream()
        .flatMap(report -> report.endpoints().stream())
        .map(ConferenceReport.EndpointReport::path)
        .toList();
  }

  public ConferenceAnswer apply(
      String conference, ConferenceRequest.Action action, EndpointChange... changes) {
    return relay
        .apply(new ConferenceRequest(conference, action, Optional.empty(), List.of(changes)))
        .toCompletableFuture()
        .join();
  }

  public void create(String conference) {
    var _ = apply(conference, ConferenceRequest.Action.CREATE);
  }

  public void expire(String conference) {
    var _ = apply(conference, ConferenceRequest.Action.EXPIRE);
  }

  public ConferenceAnswer modify(String conference, EndpointChange change) {
    return apply(conference, ConferenceRequest.Action.MODIFY, change);
  }

  /** A peer that is closed with this. */
  public Peer peer() {
    Peer peer = new Peer();
    peers.add(peer);
    return peer;
  }

  /** Makes an endpoint for a peer, which does nothing yet. */
  public LocalTransport invite(String conference, String id, Peer peer, int ssrc) {
    return invite(conference, id, peer.fingerprint(), DtlsSetup.ACTIVE, peer, ssrc);
  }

  public LocalTransport invite(
      String conference, String id, Fingerprint print, DtlsSetup setup, Peer peer, int ssrc) {
    return modify(conference, new EndpointChange.Create(id, settings(peer, print, setup, id, ssrc)))
        .endpoints()
        .getFirst()
        .transport()
        .orElseThrow();
  }

  /** A new peer that is connected. */
  public Peer join(String conference, String id, int ssrc) throws InterruptedException {
    Peer peer = peer();
    peer.connect(invite(conference, id, peer, ssrc));
    return peer;
  }

  /** Says the credentials of a peer anew; the relay answers others by a restart of its own. */
  public LocalTransport restart(String conference, String id, String ufrag, String password) {
    RemoteTransport transport =
        new RemoteTransport(
            Optional.of(new IceCredentials(ufrag, password)),
            Optional.empty(),
            List.of(),
            List.of(),
            false);
    EndpointSettings none = EndpointSettings.NONE;
    return modify(
            conference,
            new EndpointChange.Modify(
                id,
                new EndpointSettings(
                    Optional.of(transport),
                    none.media(),
                    none.sources(),
                    none.forcedMute(),
                    none.slots(),
                    none.constraints())))
        .endpoints()
        .getFirst()
        .transport()
        .orElseThrow();
  }

  private static EndpointSettings settings(
      Peer peer, Fingerprint print, DtlsSetup setup, String id, int ssrc) {
    return new EndpointSettings(
        Optional.of(
            new RemoteTransport(
                Optional.of(new IceCredentials(peer.ufrag, peer.password)),
                Optional.of(setup),
                List.of(print),
                List.of(),
                false)),
        List.of(
            new MediaDescription(
                MediaKind.AUDIO,
                List.of(new PayloadType(OPUS, "opus", 48_000, 2, Map.of(), List.of())),
                List.of(new HeaderExtension(1, "urn:ietf:params:rtp-hdrext:ssrc-audio-level")),
                true)),
        Optional.of(
            List.of(
                new SourceDescription(
                    id + "-a0",
                    SourceKind.AUDIO,
                    Optional.empty(),
                    List.of(
                        new Encoding(
                            OptionalLong.of(ssrc), Optional.empty(), OptionalLong.empty()))))),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** A packet of audio whose last four bytes tell its sequence number, as receivers get others. */
  public static byte[] audio(int ssrc, int sequence) {
    return ByteBuffer.allocate(12 + 80)
        .put((byte) 0x80)
        .put((byte) OPUS)
        .putShort((short) sequence)
        .putInt(960 * sequence)
        .putInt(ssrc)
        .putInt(12 + 76, sequence)
        .array();
  }

  public long dropped(DropReason reason) {
    return relay.counters().stream().mapToLong(counters -> counters.dropped(reason)).sum();
  }

  public long counted(Counter counter) {
    return relay.counters().stream().mapToLong(counters -> counters.value(counter)).sum();
  }

  /** Waits until something is so. */
  public static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within 20 s: " + what);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** The sequence number under which a packet was sent that has been heard. */
  private static int sequenceOf(byte[] packet) {
    return ByteBuffer.wrap(packet).getInt(packet.length - 4);
  }

  /** Sends audio until another hears it; the first sequence number of it that was heard. */
  public static int talk(Peer from, int ssrc, int firstSequence, Peer to)
      throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      from.sendRtp(audio(ssrc, firstSequence + i));
      byte[] heard = to.nextRtp(100);
      while (heard.length > 0 && sequenceOf(heard) < firstSequence) {
        heard = to.nextRtp(1); // what was sent before
      }
      if (heard.length > 0) {
        return sequenceOf(heard);
      }
    }
    throw new AssertionError("nothing is heard");
  }

  @Override
  public void close() {
    peers.forEach(Peer::close);
    relay.close();
  }
}
