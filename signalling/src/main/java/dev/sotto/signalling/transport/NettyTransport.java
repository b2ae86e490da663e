package dev.sotto.signalling.transport;

import dev.sotto.signalling.sasl.ChannelBindingType;
import dev.sotto.signalling.stream.Loop;
import dev.sotto.signalling.stream.StreamContext;
import dev.sotto.signalling.stream.StreamError;
import dev.sotto.signalling.stream.StreamTransport;
import dev.sotto.signalling.stream.XmppStream;
import dev.sotto.signalling.xml.Element;
import io.netty.channel.Channel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What TCP and WebSocket connections share: the bounded queue to a client, timers on the
 * connection's loop, and the place among unauthenticated connections of an address.
 */
abstract class NettyTransport implements StreamTransport {

  static final StreamError INTERNAL_ERROR =
      new StreamError(StreamError.Condition.INTERNAL_SERVER_ERROR, "the server failed");

  /** How long a client may take to read the last words before the connection is cut. */
  private static final long LINGER_MILLIS = 1000;

  private final Channel channel;
  private final StreamContext context;
  private final UnauthenticatedConnections unauthenticated;
  private final InetAddress remoteAddress;
  private final AtomicInteger queuedBytes = new AtomicInteger();
  private final AtomicBoolean overflowed = new AtomicBoolean();
  private final XmppStream stream;
  private volatile boolean silent;
  private boolean counted = true;

  /** {@code unauthenticated} has already counted this connection. */
  NettyTransport(
      Channel channel,
      InetAddress remoteAddress,
      StreamContext context,
      UnauthenticatedConnections unauthenticated) {
    this.channel = channel;
    this.remoteAddress = remoteAddress;
    this.context = context;
    this.unauthenticated = unauthenticated;
    this.stream = new XmppStream(this, context);
  }

  /** The serialised element as this transport's unit of writing, and its size in bytes. */
  abstract Outgoing serialise(Element element);

  /** One write and what it weighs. */
  record Outgoing(Object message, int bytes) {}

  final Channel channel() {
    return channel;
  }

  final StreamContext context() {
    return context;
  }

  final XmppStream stream() {
    return stream;
  }

  @Override
  public final void send(Element element) {
    if (!silent && channel.isActive()) {
      write(serialise(element));
    }
  }

  /** Queues one write, unless too much waits already. */
  final void write(Outgoing outgoing) {
    int queued = queuedBytes.addAndGet(outgoing.bytes());
    channel
        .writeAndFlush(outgoing.message())
        .addListener(done -> queuedBytes.addAndGet(-outgoing.bytes()));
    if (queued > context.limits().queuedBytes() && overflowed.compareAndSet(false, true)) {
      // What waits for a client that does not read must not grow; nothing more can be said to it.
      // Later, since the caller may be in the middle of telling many.
      fallSilent();
      channel.eventLoop().execute(this::cutOff);
    }
  }

  private void cutOff() {
    // A network that has gone looks the same: who can resume, may.
    stream.lose(
        new StreamError(StreamError.Condition.RESOURCE_CONSTRAINT, "the client reads too slowly"));
    channel.unsafe().close(channel.voidPromise()); // not by way of TLS, whose farewell would wait
  }

  /** Drops what others send from now on: the stream has said its last word. */
  final void fallSilent() {
    silent = true;
  }

  @Override
  public final boolean isEncrypted() {
    return channel.pipeline().get(SslHandler.class) != null;
  }

  @Override
  public final Optional<byte[]> channelBinding(ChannelBindingType type) {
    return Optional.ofNullable(channel.pipeline().get(SslHandler.class))
        .flatMap(tls -> ChannelBindings.of(tls.engine().getSession(), type));
  }

  @Override
  public final InetAddress remoteAddress() {
    return remoteAddress;
  }

  @Override
  public final Loop loop() {
    return new NettyLoop(channel.eventLoop()); // which does not hold on to this connection
  }

  @Override
  public final void execute(Runnable task) {
    loop().execute(task);
  }

  @Override
  public final void later(Runnable task) {
    loop().later(task);
  }

  @Override
  public final Cancellable schedule(Runnable task, long delayNanos) {
    return loop().schedule(task, delayNanos);
  }

  /** Whether the client or the network did it: what a codec finds wrong is always input. */
  static boolean isClients(Throwable cause) {
    return cause instanceof IOException
        || cause.getCause() instanceof IOException
        || cause instanceof CodecException;
  }

  /** Cuts the connection if the client does not end it; a timer holds no memory once it has. */
  final void closeAfterLinger() {
    var cut =
        channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> cut.cancel(false));
  }

  /** Counts the connection as authenticated or gone, once. */
  final void leaveUnauthenticated() {
    if (counted) {
      counted = false;
      unauthenticated.leave(remoteAddress);
    }
  }
}
