package dev.sotto.signalling.transport;

import dev.sotto.signalling.stream.StreamContext;
import dev.sotto.signalling.stream.StreamError;
import dev.sotto.signalling.stream.StreamTransport;
import dev.sotto.signalling.stream.XmppStream;
import dev.sotto.signalling.xml.Element;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What TCP and WebSocket connections share: the bounded queue to a client, timers on the
 * connection's loop, and the place among unauthenticated connections of an address.
 */
abstract class NettyTransport implements StreamTransport {

  /** How long a client may take to read the last words before the connection is cut. */
  static final long LINGER_MILLIS = 1000;

  private final Channel channel;
  private final StreamContext context;
  private final UnauthenticatedConnections unauthenticated;
  private final AtomicInteger queuedBytes = new AtomicInteger();
  private final XmppStream stream;
  private boolean counted = true;

  /** {@code unauthenticated} has already counted this connection. */
  NettyTransport(
      Channel channel, StreamContext context, UnauthenticatedConnections unauthenticated) {
    this.channel = channel;
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
    if (!channel.isActive()) {
      return;
    }
    Outgoing outgoing = serialise(element);
    int queued = queuedBytes.addAndGet(outgoing.bytes());
    ChannelFuture written = channel.writeAndFlush(outgoing.message());
    written.addListener(future -> queuedBytes.addAndGet(-outgoing.bytes()));
    if (queued > context.limits().queuedBytes()) {
      // What waits for a client that does not read must not grow; nothing more can be said to it.
      execute(() -> {
        stream.fail(
            new StreamError(
                StreamError.Condition.RESOURCE_CONSTRAINT, "the client reads too slowly"));
        channel.close();
      });
    }
  }

  @Override
  public final InetAddress remoteAddress() {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  @Override
  public final void execute(Runnable task) {
    if (channel.eventLoop().inEventLoop()) {
      task.run();
    } else {
      channel.eventLoop().execute(task);
    }
  }

  @Override
  public final Cancellable schedule(Runnable task, long delayNanos) {
    var future = channel.eventLoop().schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  /** Counts the connection as authenticated or gone, once. */
  final void leaveUnauthenticated() {
    if (counted) {
      counted = false;
      unauthenticated.leave(remoteAddress());
    }
  }
}
