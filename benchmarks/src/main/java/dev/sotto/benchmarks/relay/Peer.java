package dev.sotto.benchmarks.relay;

import dev.sotto.media.demux.PacketKind;
import dev.sotto.media.dtls.DtlsCertificate;
import dev.sotto.media.dtls.DtlsConnection;
import dev.sotto.media.dtls.DtlsContext;
import dev.sotto.media.dtls.DtlsFailure;
import dev.sotto.media.dtls.DtlsHandshake;
import dev.sotto.media.dtls.DtlsListener;
import dev.sotto.media.dtls.Fingerprint;
import dev.sotto.media.dtls.SrtpKeys;
import dev.sotto.media.ice.IceCredentials;
import dev.sotto.media.srtp.SrtpMasterKey;
import dev.sotto.media.srtp.SrtpProfile;
import dev.sotto.media.srtp.SrtpTransform;
import dev.sotto.media.srtp.SrtpTransforms;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * One transport of the load client as a browser has it: an address of its own, ICE in the
 * controlling role, DTLS, and SRTP with what the handshake gave. Lives on its {@link LoadLoop}.
 */
final class Peer implements AutoCloseable {

  private static final long CHECK_NANOS = 100_000_000;
  private static final long CONSENT_NANOS = 5_000_000_000L;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  /** What all peers of a client have in common. */
  record Parts(
      LoadLoop loop,
      Inet4Address address,
      DtlsContext dtls,
      DtlsCertificate certificate,
      SrtpTransforms srtp,
      RandomGenerator random) {}

  private final Parts parts;
  private final IceCredentials credentials;
  private final PeerMedia media;
  private final CompletableFuture<Peer> connected = new CompletableFuture<>();
  private int socket = -1;
  private InetSocketAddress local = new InetSocketAddress(0);
  private Optional<IceAgent> ice = Optional.empty();
  private Optional<DtlsHandshake> handshake = Optional.empty();
  private Optional<DtlsConnection> dtls = Optional.empty();
  private Optional<SrtpTransform> srtp = Optional.empty();
  private boolean shaking;
  private boolean closed;
  private long deadlineNanos;

  Peer(Parts parts, PeerMedia media) {
    this.parts = parts;
    this.media = media;
    this.credentials = IceCredentials.generate(parts.random);
  }

  /** For its offer or answer. */
  IceCredentials credentials() {
    return credentials;
  }

  /** For its offer or answer. */
  Fingerprint fingerprint() {
    return parts.certificate.fingerprint();
  }

  /** What it sends and gets. */
  PeerMedia media() {
    return media;
  }

  /** Completes when media can flow. */
  CompletableFuture<Peer> connected() {
    return connected;
  }

  /** From any thread: begins ICE and DTLS with the server. */
  void connect(RemoteTransport remote) {
    parts.loop.execute(() -> begin(remote));
  }

  /**
   * From any thread: sends and gets media with these keys at once, without ICE and DTLS.
   *
   * @param greeting is sent until the other side sends it back
   */
  void connect(
      InetSocketAddress remote, SrtpMasterKey outbound, SrtpMasterKey inbound, byte[] greeting) {
    parts.loop.execute(() -> {
      open(remote);
      established(parts.srtp.of(SrtpProfile.AEAD_AES_128_GCM, outbound, inbound), false);
      greet(greeting);
    });
  }

  private void greet(byte[] greeting) {
    if (!connected.isDone() && !expired()) {
      send(greeting, 0, greeting.length);
      parts.loop.at(System.nanoTime() + CHECK_NANOS, () -> greet(greeting));
    }
  }

  private void begin(RemoteTransport remote) {
    open(remote.address());
    ice = Optional.of(new IceAgent(credentials, remote.credentials(), parts.random));
    handshake =
        Optional.of(
            parts.dtls.handshake(
                remote.role(),
                parts.certificate,
                remote.fingerprints(),
                this::send,
                new DtlsListener() {
                  @Override
                  public void onEstablished(DtlsConnection connection) {
                    parts.loop.execute(() -> established(connection));
                  }

                  @Override
                  public void onFailed(DtlsFailure failure) {
                    fail("DTLS: " + failure);
                  }
                }));
    check();
  }

  private void open(InetSocketAddress remote) {
    socket = parts.loop.open(this, parts.address, remote);
    local = new InetSocketAddress(parts.address, parts.loop.sockets().portOf(socket));
    deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
  }

  private boolean expired() {
    if (closed || System.nanoTime() - deadlineNanos > 0) {
      fail("no answer");
      return true;
    }
    return false;
  }

  private void fail(String why) {
    connected.completeExceptionally(new IllegalStateException("a peer did not connect: " + why));
  }

  /** Fast until it is answered, then to keep consent, a little apart from the other peers'. */
  private void check() {
    if (closed) {
      return;
    }
    IceAgent agent = ice.orElseThrow();
    if (!agent.isConnected() && expired()) {
      return;
    }
    byte[] check = agent.check();
    send(check, 0, check.length);
    long wait =
        agent.isConnected()
            ? (long) (CONSENT_NANOS * parts.random.nextDouble(0.8, 1.2))
            : CHECK_NANOS;
    parts.loop.at(System.nanoTime() + wait, this::check);
  }

  /** On the loop, with a packet of this peer's socket. */
  void receive(MemorySegment memory, long offset, int length, long arrivedNanos) {
    switch (PacketKind.of(memory, offset, length)) {
      case RTP -> {
        if (srtp.isPresent()) {
          media.onRtp(srtp.get(), memory, offset, length, arrivedNanos);
        }
      }
      case RTCP -> {
        if (srtp.isPresent()) {
          media.onRtcp(srtp.get(), memory, offset, length);
        }
      }
      case STUN -> onStun(memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
      case DTLS -> {
        if (dtls.isPresent()) {
          dtls.get().onDatagram(memory, offset, length);
        } else {
          handshake.ifPresent(it -> it.offer(memory, offset, length));
        }
      }
      default -> connected.complete(this); // the greeting, sent back
    }
  }

  private void onStun(byte[] message) {
    if (ice.isEmpty()) {
      return;
    }
    ice.get().receive(message, local).ifPresent(answer -> send(answer, 0, answer.length));
    if (ice.get().isConnected() && !shaking) {
      shaking = true;
      handshake.ifPresent(Thread::startVirtualThread);
    }
  }

  private void established(DtlsConnection connection) {
    dtls = Optional.of(connection);
    if (closed || !connection.takeOver()) {
      fail("DTLS ended");
      return;
    }
    try (SrtpKeys keys = connection.takeKeys()) {
      SrtpProfile profile = keys.profile();
      established(
          parts.srtp.of(
              profile,
              new SrtpMasterKey(keys.localKey(), keys.localSalt()),
              new SrtpMasterKey(keys.remoteKey(), keys.remoteSalt())),
          true);
    }
  }

  private void established(SrtpTransform transform, boolean reports) {
    srtp = Optional.of(transform);
    media.start(transform, this::sendPacket, reports);
    if (reports) {
      connected.complete(this);
    }
  }

  private void sendPacket(MemorySegment memory, int length) {
    parts.loop.sockets().send(socket, memory, 0, length);
  }

  /** From the handshake's thread, too. */
  private void send(byte[] datagram, int offset, int length) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment memory = call.allocate(length);
      MemorySegment.copy(datagram, offset, memory, ValueLayout.JAVA_BYTE, 0, length);
      parts.loop.sockets().send(socket, memory, 0, length);
    }
  }

  /** From any thread. */
  @Override
  public void close() {
    close(new byte[0]);
  }

  /** From any thread: with these as last words, where there are some. */
  void close(byte[] farewell) {
    parts.loop.execute(() -> {
      if (!closed) {
        closed = true;
        if (farewell.length > 0) {
          send(farewell, 0, farewell.length);
        }
        fail("closed");
        media.stop();
        handshake.ifPresent(DtlsHandshake::cancel);
        dtls.ifPresent(DtlsConnection::close);
        srtp.ifPresent(SrtpTransform::close);
        srtp = Optional.empty();
        if (socket >= 0) {
          parts.loop.close(socket);
        }
      }
    });
  }
}
