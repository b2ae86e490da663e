package dev.sotto.benchmarks.turn;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A client's way through {@link Floor}: a greeting opens it, and payloads travel as they are. */
final class FloorFlow implements Flow {

  private final Channel channel;
  private final InetSocketAddress peer;
  private final Listener listener;
  private long askedNanos;
  private long allocationNanos;
  private InetSocketAddress outside;

  FloorFlow(Channel channel, InetSocketAddress peer, Listener listener) {
    this.channel = channel;
    this.peer = peer;
    this.listener = listener;
  }

  @Override
  public void open() {
    askedNanos = System.nanoTime();
    again();
  }

  @Override
  public void again() {
    if (!isOpen()) {
      ByteBuf greeting = channel.alloc().buffer(Floor.GREETING_BYTES);
      greeting.writeShort(peer.getPort());
      channel.writeAndFlush(greeting, channel.voidPromise());
    }
  }

  @Override
  public boolean isOpen() {
    return outside != null;
  }

  @Override
  public long allocationNanos() {
    return allocationNanos;
  }

  @Override
  public InetSocketAddress outside() {
    return outside;
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public ByteBuf frame(ByteBuf payload) {
    return payload;
  }

  @Override
  public int payloadOffset(ByteBuf received) {
    if (received.readableBytes() != Floor.GREETING_BYTES) {
      return received.readerIndex();
    }
    if (!isOpen()) {
      allocationNanos = System.nanoTime() - askedNanos;
      outside =
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(), received.getUnsignedShort(received.readerIndex()));
      listener.opened();
    }
    return NO_PAYLOAD;
  }

  @Override
  public void close() {
    ByteBuf farewell = channel.alloc().buffer(Floor.FAREWELL_BYTES).writeZero(Floor.FAREWELL_BYTES);
    channel.writeAndFlush(farewell, channel.voidPromise());
    channel.close();
  }
}
