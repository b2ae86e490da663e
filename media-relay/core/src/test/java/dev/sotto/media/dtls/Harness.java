package dev.sotto.media.dtls;

import dev.sotto.media.srtp.SrtpProfile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bouncycastle.tls.DTLSTransport;

/**
 * A handshake of ours and a peer at the two ends of a path, each on a virtual thread. Its monitor
 * plays the event loop: whoever holds it may touch the connection.
 */
final class Harness implements DtlsListener {
  static final SecureRandom RANDOM = new SecureRandom();
  static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  static final DtlsCertificate OURS = DtlsCertificate.selfSigned(RANDOM, NOW, Duration.ofDays(30));
  static final DtlsSettings QUICK =
      new DtlsSettings(Duration.ofMillis(20), Duration.ofSeconds(20), 1200);

  /** Longer than any deadline here: a test that waits so long has failed. */
  private static final int PATIENCE_SECONDS = 40;

  final Peer.Options options = new Peer.Options();
  final CompletableFuture<DtlsConnection> established = new CompletableFuture<>();
  final CompletableFuture<DtlsFailure> failed = new CompletableFuture<>();
  final CompletableFuture<DTLSTransport> peerEstablished = new CompletableFuture<>();
  final CompletableFuture<IOException> peerFailed = new CompletableFuture<>();
  final Peer peer;
  final DtlsHandshake handshake;
  final Link toPeer;
  final Link toUs;
  private final DtlsRole role;
  private Optional<DtlsConnection> connection = Optional.empty();
  private int ends;

  Harness(DtlsRole role) {
    this(role, QUICK, List.of(Identity.EC.fingerprint()), Link.Faults.NONE, 0);
  }

  Harness(
      DtlsRole role,
      DtlsSettings settings,
      List<Fingerprint> expected,
      Link.Faults faults,
      long seed) {
    this.role = role;
    if (role == DtlsRole.ACTIVE) {
      options.profiles = new int[] {SrtpProfile.AEAD_AES_128_GCM.id()};
    }
    this.toUs = new Link(seed, faults, this::deliver);
    this.peer = new Peer(options, toUs::send);
    this.toPeer = new Link(~seed, faults, peer.inbox::add);
    this.handshake =
        new DtlsContext(RANDOM, settings).handshake(role, OURS, expected, toPeer::send, this);
  }

  /** Runs both ends. */
  Harness run() {
    runPeer();
    return runOurs();
  }

  Harness runOurs() {
    var _ = Thread.ofVirtual().start(handshake);
    return this;
  }

  void runPeer() {
    DtlsRole opposite = role == DtlsRole.ACTIVE ? DtlsRole.PASSIVE : DtlsRole.ACTIVE;
    var _ = Thread.ofVirtual().start(() -> peerShakesHands(opposite));
  }

  private void peerShakesHands(DtlsRole opposite) {
    try {
      DTLSTransport transport = peer.shakeHands(opposite);
      // A last flight that was lost is sent again only while someone reads.
      byte[] ignored = new byte[transport.getReceiveLimit()];
      while (!established.isDone()) {
        transport.receive(ignored, 0, ignored.length, 10);
      }
      peerEstablished.complete(transport);
      peerFailed.completeExceptionally(new AssertionError("the peer has succeeded"));
    } catch (IOException e) {
      peerFailed.complete(e);
      peerEstablished.completeExceptionally(e);
    }
  }

  /** What arrives at our end, on the "event loop". */
  synchronized void deliver(byte[] datagram) {
    MemorySegment segment = segment(datagram);
    if (connection.isPresent()) {
      connection.get().onDatagram(segment, 0, datagram.length);
    } else {
      handshake.offer(segment, 0, datagram.length);
    }
  }

  @Override
  public synchronized void onEstablished(DtlsConnection opened) {
    ends++;
    opened.takeOver();
    connection = Optional.of(opened);
    established.complete(opened);
    failed.completeExceptionally(new AssertionError("the handshake has succeeded"));
  }

  @Override
  public synchronized void onFailed(DtlsFailure failure) {
    ends++;
    failed.complete(failure);
    established.completeExceptionally(new AssertionError(failure.toString()));
  }

  synchronized int ends() {
    return ends;
  }

  synchronized boolean isOpen() {
    return connection.orElseThrow().isOpen();
  }

  synchronized void close() {
    connection.orElseThrow().close();
  }

  synchronized SrtpKeys keys() {
    return connection.orElseThrow().takeKeys();
  }

  static MemorySegment segment(byte[] bytes) {
    MemorySegment segment = Arena.ofAuto().allocate(Math.max(1, bytes.length));
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("did not happen", e);
    }
  }
}
