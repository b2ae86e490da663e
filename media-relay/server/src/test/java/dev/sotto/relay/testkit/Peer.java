package dev.sotto.relay.testkit;

import dev.sotto.media.dtls.CertificateSource;
import dev.sotto.media.dtls.DtlsCertificate;
import dev.sotto.media.dtls.DtlsConnection;
import dev.sotto.media.dtls.DtlsContext;
import dev.sotto.media.dtls.DtlsFailure;
import dev.sotto.media.dtls.DtlsHandshake;
import dev.sotto.media.dtls.DtlsListener;
import dev.sotto.media.dtls.DtlsRole;
import dev.sotto.media.dtls.DtlsSettings;
import dev.sotto.media.dtls.SrtpKeys;
import dev.sotto.media.srtp.SrtpMasterKey;
import dev.sotto.media.srtp.SrtpProvider;
import dev.sotto.media.srtp.SrtpTransform;
import dev.sotto.media.srtp.SrtpTransforms;
import dev.sotto.relay.control.Candidate;
import dev.sotto.relay.control.LocalTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A WebRTC endpoint on a real socket: nominates, shakes hands as the DTLS client, and then sends
 * and receives RTP and RTCP. What it receives waits decrypted in queues.
 */
public final class Peer implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final DtlsContext DTLS = new DtlsContext(RANDOM, DtlsSettings.DEFAULT);
  private static final SrtpTransforms SRTP = SrtpTransforms.with(SrtpProvider.AUTOMATIC);
  private static final int MAXIMUM_BYTES = 2048;
  private static final long PATIENCE_SECONDS = 20;

  public final String ufrag = "pfrg";
  public final String password = "passwordOfThePeer12345678";

  private final DtlsCertificate certificate =
      new CertificateSource(
              RANDOM,
              CertificateSource.DEFAULT_VALIDITY,
              CertificateSource.DEFAULT_RENEWAL,
              Clock.systemUTC().instant())
          .current();
  private volatile DatagramSocket socket = newSocket();
  private final CountDownLatch nominated = new CountDownLatch(1);
  private final CountDownLatch connected = new CountDownLatch(1);
  private final BlockingQueue<byte[]> rtp = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> rtcp = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> stun = new LinkedBlockingQueue<>();
  private final CompletableFuture<DtlsFailure> failure = new CompletableFuture<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Object lock = new Object();
  private volatile DtlsHandshake handshake;
  private volatile DtlsConnection connection;
  private volatile SrtpTransform srtp;
  private volatile InetSocketAddress relay;

  public Peer() {
    listen(socket);
  }

  private static DatagramSocket newSocket() {
    try {
      return new DatagramSocket(0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen(DatagramSocket own) {
    Thread.ofVirtual().start(() -> receive(own));
  }

  /** Goes on from another port, as a phone does that changes networks; the old one is closed. */
  public void roam() {
    DatagramSocket before = socket;
    socket = newSocket();
    listen(socket);
    before.close();
  }

  /** Where it sends from. */
  public InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** The fingerprint that signalling tells the relay. */
  public dev.sotto.relay.control.Fingerprint fingerprint() {
    return new dev.sotto.relay.control.Fingerprint(
        certificate.fingerprint().hash().token(), certificate.fingerprint().value());
  }

  /** Connects to what the relay has answered; returns when keys are there. */
  public void connect(LocalTransport transport) throws InterruptedException {
    begin(transport);
    if (!awaitKeys()) {
      throw new AssertionError("no DTLS");
    }
  }

  /** The same, without waiting for keys. */
  public void begin(LocalTransport transport) throws InterruptedException {
    check(transport);
    if (!isNominated()) {
      throw new AssertionError("no answer to a check");
    }
    shakeHands(transport);
  }

  /** Whether it has keys by now. */
  public boolean isConnected() {
    return connected.getCount() == 0;
  }

  /** Waits for keys; whether they have come. */
  public boolean awaitKeys() throws InterruptedException {
    return connected.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Waits until the relay has ended the association. */
  public boolean isEnded() throws InterruptedException {
    return ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Why the handshake failed. */
  public CompletableFuture<DtlsFailure> failure() {
    return failure;
  }

  /** Sends one nominating check. */
  public void check(LocalTransport transport) {
    aim(transport);
    byte[] check =
        Checks.nominating(
            transport.credentials().ufrag(), transport.credentials().password(), ufrag, RANDOM);
    send(check, check.length);
  }

  /** Sends to the relay's port from now on, without a word to it. */
  public void aim(LocalTransport transport) {
    Candidate candidate = transport.candidates().getFirst();
    relay = new InetSocketAddress(candidate.address(), candidate.port());
  }

  /** Waits until a check was answered. */
  public boolean isNominated() throws InterruptedException {
    return nominated.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Begins the handshake as the client. */
  public void shakeHands(LocalTransport transport) {
    shakeHands(transport, DtlsRole.ACTIVE);
  }

  /** Begins the handshake in a role. */
  public void shakeHands(LocalTransport transport, DtlsRole role) {
    List<dev.sotto.media.dtls.Fingerprint> expected =
        transport.fingerprints().stream()
            .map(print -> dev.sotto.media.dtls.Fingerprint.parse(print.hash(), print.value()))
            .toList();
    handshake =
        DTLS.handshake(
            role,
            certificate,
            expected,
            (bytes, offset, length) -> {
              byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
              send(copy, copy.length);
            },
            new DtlsListener() {
              @Override
              public void onEstablished(DtlsConnection established) {
                synchronized (lock) {
                  established.takeOver();
                  try (SrtpKeys keys = established.takeKeys()) {
                    srtp =
                        SRTP.of(
                            keys.profile(),
                            new SrtpMasterKey(keys.localKey(), keys.localSalt()),
                            new SrtpMasterKey(keys.remoteKey(), keys.remoteSalt()));
                  }
                  connection = established;
                }
                connected.countDown();
              }

              @Override
              public void onFailed(DtlsFailure why) {
                failure.complete(why);
              }
            });
    Thread.ofVirtual().start(handshake);
  }

  private void receive(DatagramSocket from) {
    DatagramPacket packet = new DatagramPacket(new byte[MAXIMUM_BYTES], MAXIMUM_BYTES);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(MAXIMUM_BYTES);
      while (!from.isClosed()) {
        packet.setLength(MAXIMUM_BYTES);
        from.receive(packet);
        onDatagram(packet.getData(), packet.getLength(), memory);
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void onDatagram(byte[] bytes, int length, MemorySegment memory) {
    int first = bytes[0] & 0xff;
    if (first <= 3) {
      stun.add(Arrays.copyOf(bytes, length));
      if (Checks.isSuccess(bytes, length)) {
        nominated.countDown();
      }
      return;
    }
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, length);
    synchronized (lock) {
      if (first < 64) {
        if (connection != null) {
          if (!connection.onDatagram(memory, 0, length)) {
            ended.countDown();
          }
        } else if (handshake != null) {
          handshake.offer(memory, 0, length);
        }
      } else if (srtp != null) {
        boolean control = (bytes[1] & 0xff) >= 192 && (bytes[1] & 0xff) <= 223;
        int plain =
            control ? srtp.unprotectRtcp(memory, 0, length) : srtp.unprotectRtp(memory, 0, length);
        if (plain > 0) {
          byte[] clear = memory.asSlice(0, plain).toArray(ValueLayout.JAVA_BYTE);
          (control ? rtcp : rtp).add(clear);
        }
      }
    }
  }

  public void sendRtp(byte[] packet) {
    protectAndSend(packet, false);
  }

  public void sendRtcp(byte[] compound) {
    protectAndSend(compound, true);
  }

  private void protectAndSend(byte[] packet, boolean control) {
    sendRaw(protect(packet, control));
  }

  /** A packet as it would be sent. */
  public byte[] protect(byte[] packet, boolean control) {
    synchronized (lock) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment memory = arena.allocate(packet.length + 64L);
        MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
        int length =
            control
                ? srtp.protectRtcp(memory, 0, packet.length)
                : srtp.protectRtp(memory, 0, packet.length);
        return memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      }
    }
  }

  private void send(byte[] bytes, int length) {
    DatagramSocket from = socket;
    try {
      from.send(new DatagramPacket(bytes, length, relay));
    } catch (IOException e) {
      if (!from.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Sends one protected packet several times, as an attacker who has seen it does. */
  public void sendAgain(byte[] packet, int times) {
    for (int i = 0; i < times; i++) {
      protectAndSend(packet, false);
    }
  }

  /** Sends bytes as they are, to where the relay is. */
  public void sendRaw(byte[] bytes) {
    send(bytes, bytes.length);
  }

  /** The next RTP packet, or an empty array when none comes in time. */
  public byte[] nextRtp(long patienceMillis) throws InterruptedException {
    byte[] packet = rtp.poll(patienceMillis, TimeUnit.MILLISECONDS);
    return packet == null ? new byte[0] : packet;
  }

  /** The next RTCP compound, or an empty array when none comes in time. */
  public byte[] nextRtcp(long patienceMillis) throws InterruptedException {
    byte[] packet = rtcp.poll(patienceMillis, TimeUnit.MILLISECONDS);
    return packet == null ? new byte[0] : packet;
  }

  /** The next STUN message, or an empty array when none comes in time. */
  public byte[] nextStun(long patienceMillis) throws InterruptedException {
    byte[] message = stun.poll(patienceMillis, TimeUnit.MILLISECONDS);
    return message == null ? new byte[0] : message;
  }

  @Override
  public void close() {
    socket.close();
  }
}
