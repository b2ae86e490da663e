package dev.sotto.turn.dtls;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.protocol.TransportCounters;
import dev.sotto.turn.protocol.TurnWorker;
import dev.sotto.turn.relay.Quotas;
import dev.sotto.turn.relay.Quotas.Grant;
import dev.sotto.turn.relay.RelaySocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSVerifier;
import org.bouncycastle.tls.DatagramSender;

/**
 * One event loop's share of a DTLS listening address. A client proves with a cookie that it
 * receives what is sent to its address (RFC 6347 section 4.2.1) before anything is kept of it; then
 * it gets a session, within limits of sessions and of handshakes that run at once. Everything here
 * is touched on the event loop only.
 */
public final class DtlsListener {
  /** A handshake costs a signature: so many at once keep a core busy for a tenth of a second. */
  static final int MAXIMUM_HANDSHAKES = 128;

  private static final Duration COOKIE_SECRET_LIFETIME = Duration.ofMinutes(10);

  private static final int CONTENT_TYPE_HANDSHAKE = 22;
  private static final int EPOCH_OFFSET = 3;
  private static final int RECORD_AND_MESSAGE_HEADER_BYTES = 13 + 12;
  private static final int CLIENT_RANDOM_OFFSET = RECORD_AND_MESSAGE_HEADER_BYTES + 2;
  private static final int CLIENT_RANDOM_BYTES = 32;

  private final DtlsContext context;
  private final EventLoop loop;
  private final Quotas connections;
  private final Duration idleTimeout;
  private final TransportCounters counters;
  private final TurnWorker worker;
  private final Map<InetSocketAddress, DtlsSession> sessions = new HashMap<>();
  private final byte[] plaintext = new byte[1 << 14];
  private DTLSVerifier verifier;
  private Optional<RelaySocket> socket = Optional.empty();
  private int handshakes;

  /**
   * @param connections limits sessions of one source and in total
   * @param idleTimeout after which a session without allocation and without a message ends
   */
  public DtlsListener(
      DtlsContext context,
      EventLoop loop,
      Quotas connections,
      Duration idleTimeout,
      TransportCounters counters,
      TurnWorker worker) {
    this.context = context;
    this.loop = loop;
    this.connections = connections;
    this.idleTimeout = idleTimeout;
    this.counters = counters;
    this.worker = worker;
    this.verifier = context.newVerifier();
  }

  /** Starts to answer through this socket; called once, before the first datagram. */
  public void attach(RelaySocket listening) {
    socket = Optional.of(listening);
    long period = COOKIE_SECRET_LIFETIME.toSeconds();
    var _ =
        loop.scheduleAtFixedRate(
            () -> verifier = context.newVerifier(), period, period, TimeUnit.SECONDS);
  }

  /** Takes a datagram from a client, and the reference to it. */
  public void onDatagram(ByteBuf datagram, InetSocketAddress client) {
    byte[] bytes = ByteBufUtil.getBytes(datagram);
    datagram.release();
    DtlsSession session = sessions.get(client);
    if (session != null && !(session.isOpen() && isClientHello(bytes))) {
      session.onDatagram(bytes);
      return;
    }
    if (!isClientHello(bytes)) {
      counters.drop(DropReason.MALFORMED);
      return;
    }
    DatagramSender answer = new CookieSender(client);
    DTLSRequest request =
        verifier.verifyRequest(identifierOf(client), bytes, 0, bytes.length, answer);
    if (request != null) {
      start(request, bytes, client, Optional.ofNullable(session));
    }
  }

  /** Ends every session. */
  public void close() {
    List.copyOf(sessions.values()).forEach(DtlsSession::close);
  }

  EventLoop loop() {
    return loop;
  }

  Duration idleTimeout() {
    return idleTimeout;
  }

  TurnWorker worker() {
    return worker;
  }

  /** Where sessions of this loop decrypt into, one at a time. */
  byte[] plaintext() {
    return plaintext;
  }

  void dropped(DropReason reason) {
    counters.drop(reason);
  }

  void handshakeEnded() {
    handshakes--;
  }

  void forget(DtlsSession session) {
    if (sessions.remove(session.client(), session)) {
      connections.release(sourceOf(session.client()));
    }
  }

  void send(byte[] datagram, int offset, int length, InetSocketAddress client) {
    ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(length);
    out.writeBytes(datagram, offset, length);
    socket.ifPresentOrElse(listening -> listening.send(out, client), out::release);
  }

  /**
   * A client that has lost its session may begin a new one from the same address, having shown by
   * the cookie that it is there (RFC 6347 section 4.2.8); a late copy of the first hello is none.
   */
  private void start(
      DTLSRequest request, byte[] hello, InetSocketAddress client, Optional<DtlsSession> former) {
    byte[] random =
        Arrays.copyOfRange(hello, CLIENT_RANDOM_OFFSET, CLIENT_RANDOM_OFFSET + CLIENT_RANDOM_BYTES);
    if (former.filter(session -> session.beganWith(random)).isPresent()) {
      return;
    }
    former.ifPresent(DtlsSession::close);
    if (handshakes >= MAXIMUM_HANDSHAKES
        || connections.acquire(sourceOf(client)) != Grant.GRANTED) {
      counters.drop(DropReason.CONNECTION_LIMIT);
      return;
    }
    handshakes++;
    DtlsSession session = new DtlsSession(this, client, random, context.newServer());
    sessions.put(client, session);
    session.start(request);
  }

  private static boolean isClientHello(byte[] datagram) {
    return datagram.length >= CLIENT_RANDOM_OFFSET + CLIENT_RANDOM_BYTES
        && datagram[0] == CONTENT_TYPE_HANDSHAKE
        && datagram[EPOCH_OFFSET] == 0
        && datagram[EPOCH_OFFSET + 1] == 0;
  }

  private static byte[] identifierOf(InetSocketAddress client) {
    byte[] ip = client.getAddress().getAddress();
    return ByteBuffer.allocate(ip.length + Short.BYTES)
        .put(ip)
        .putShort((short) client.getPort())
        .array();
  }

  private static String sourceOf(InetSocketAddress client) {
    return client.getAddress().getHostAddress();
  }

  /** Sends HelloVerifyRequests, which are shorter than what they answer. */
  private final class CookieSender implements DatagramSender {
    private final InetSocketAddress client;

    private CookieSender(InetSocketAddress client) {
      this.client = client;
    }

    @Override
    public int getSendLimit() {
      return plaintext.length;
    }

    @Override
    public void send(byte[] buffer, int offset, int length) {
      DtlsListener.this.send(buffer, offset, length, client);
    }
  }
}
