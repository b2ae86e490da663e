package dev.sotto.relay.worker;

import dev.sotto.relay.conference.ConferenceListener;
import dev.sotto.relay.control.ConferenceAnswer;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.DtlsSetup;
import dev.sotto.relay.control.Encoding;
import dev.sotto.relay.control.EndpointChange;
import dev.sotto.relay.control.EndpointSettings;
import dev.sotto.relay.control.Fingerprint;
import dev.sotto.relay.control.ForcedMute;
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
import dev.sotto.relay.testkit.Peer;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/** A relay over real sockets and those who join its conferences, each with an audio source. */
final class Members implements AutoCloseable {
  static final int PATIENCE_MILLIS = 20_000;

  final RelayServer relay;
  private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
  private final Map<String, LocalTransport> transports = new HashMap<>();
  private final List<Peer> peers = new ArrayList<>();
  private int lastSsrc = 1000;

  Members() {
    relay =
        RelayServer.start(
            RelaySettings.on(List.of(InetAddress.getLoopbackAddress()), 0, 2),
            new SecureRandom(),
            Clock.systemUTC(),
            new ConferenceListener() {
              @Override
              public void onSlots(String conference, String endpoint, List<Occupancy> slots) {}

              @Override
              public void onSpeakers(String conference, List<String> endpoints) {}

              @Override
              public void onEndpointFailed(String conference, String endpoint, String why) {
                failures.add(endpoint + " " + why);
              }

              @Override
              public void onEndpointLeft(String conference, String endpoint) {}

              @Override
              public void onConferenceEnded(String conference) {}
            });
  }

  ConferenceAnswer apply(ConferenceRequest request) {
    return relay.apply(request).toCompletableFuture().join();
  }

  void create(String id) {
    apply(new ConferenceRequest(id, ConferenceRequest.Action.CREATE, Optional.empty(), List.of()));
  }

  void expire(String id) {
    apply(new ConferenceRequest(id, ConferenceRequest.Action.EXPIRE, Optional.empty(), List.of()));
  }

  ConferenceAnswer modify(String conference, EndpointChange change) {
    return apply(
        new ConferenceRequest(
            conference, ConferenceRequest.Action.MODIFY, Optional.empty(), List.of(change)));
  }

  /** Someone who is connected. */
  Peer join(String conference, String id) throws InterruptedException {
    Peer peer = invite(conference, id, Optional.empty());
    peer.connect(transports.get(id));
    awaitKeys(conference, id);
    return peer;
  }

  /** The client has its keys first: the relay's are there when its last flight has been posted. */
  private void awaitKeys(String conference, String id) {
    long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    while (!isConnected(conference, id)) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(id + " is not connected");
      }
    }
  }

  private boolean isConnected(String conference, String id) {
    return relay.report(conference).toCompletableFuture().join().orElseThrow().endpoints().stream()
        .anyMatch(endpoint -> endpoint.id().equals(id) && endpoint.connected());
  }

  /** Someone of whom the relay knows, with a fingerprint that may be another's. */
  Peer invite(String conference, String id, Optional<Fingerprint> fingerprint) {
    Peer peer = new Peer();
    peers.add(peer);
    RemoteTransport transport =
        new RemoteTransport(
            Optional.of(new IceCredentials(peer.ufrag, peer.password)),
            Optional.of(DtlsSetup.ACTIVE),
            List.of(fingerprint.orElseGet(peer::fingerprint)),
            List.of(),
            false);
    SourceDescription microphone =
        new SourceDescription(
            id + "-a0",
            SourceKind.AUDIO,
            Optional.empty(),
            List.of(
                new Encoding(OptionalLong.of(++lastSsrc), Optional.empty(), OptionalLong.empty())));
    ConferenceAnswer answer =
        modify(
            conference,
            new EndpointChange.Create(
                id,
                new EndpointSettings(
                    Optional.of(transport),
                    List.of(audio()),
                    Optional.of(List.of(microphone)),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty())));
    transports.put(id, answer.endpoints().getFirst().transport().orElseThrow());
    return peer;
  }

  /** The relay's side of an endpoint's transport, as it was told last. */
  LocalTransport transport(String id) {
    return transports.get(id);
  }

  /** Restarts ICE; the new transport is that of the endpoint from now on. */
  void restartIce(String conference, String id) {
    RemoteTransport restart =
        new RemoteTransport(Optional.empty(), Optional.empty(), List.of(), List.of(), true);
    transports.put(
        id,
        modify(conference, new EndpointChange.Modify(id, only(Optional.of(restart))))
            .endpoints()
            .getFirst()
            .transport()
            .orElseThrow());
  }

  void mute(String conference, String id) {
    modify(
        conference,
        new EndpointChange.Modify(
            id,
            new EndpointSettings(
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.of(new ForcedMute(true, true)),
                Optional.empty(),
                Optional.empty())));
  }

  private static EndpointSettings only(Optional<RemoteTransport> transport) {
    return new EndpointSettings(
        transport,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static MediaDescription audio() {
    return new MediaDescription(
        MediaKind.AUDIO,
        List.of(new PayloadType(111, "opus", 48_000, 2, Map.of(), List.of())),
        List.of(new HeaderExtension(1, "urn:ietf:params:rtp-hdrext:ssrc-audio-level")),
        true);
  }

  /** 20 ms of the source of who joined as the n-th, counted from 1. */
  static byte[] sound(int joined, int sequence) {
    ByteBuffer packet = ByteBuffer.allocate(12 + 80);
    packet.put((byte) 0x80).put((byte) 111).putShort((short) sequence);
    packet.putInt(960 * sequence).putInt(1000 + joined);
    while (packet.hasRemaining()) {
      packet.put((byte) sequence);
    }
    return packet.array();
  }

  /** Whose transport failed next, and why. */
  String nextFailure() throws InterruptedException {
    return Optional.ofNullable(failures.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
        .orElse("nobody's");
  }

  /** How many datagrams have been dropped for a reason, by all workers. */
  long dropped(DropReason reason) {
    return relay.counters().stream().mapToLong(counters -> counters.dropped(reason)).sum();
  }

  long counted(Counter counter) {
    return relay.counters().stream().mapToLong(counters -> counters.value(counter)).sum();
  }

  /** Waits until drops for a reason are so many. */
  void awaitDrops(DropReason reason, LongPredicate enough) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    while (!enough.test(dropped(reason))) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(reason + ": " + dropped(reason));
      }
      // Counters are read a little late by design.
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    peers.forEach(Peer::close);
    relay.close();
  }
}
