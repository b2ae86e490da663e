package dev.sotto.turn.netty;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.protocol.TransportCounters;
import dev.sotto.turn.relay.RelaySocket;
import dev.sotto.turn.relay.RelaySockets.Receiver;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/** A datagram socket on its event loop, towards clients or towards peers. */
final class UdpSocket extends ChannelInboundHandlerAdapter implements RelaySocket, Flushable {
  private final DatagramChannel channel;
  private final Flusher flusher;
  private final TransportCounters counters;
  private final Receiver receiver;
  private final SocketErrors errors;
  private boolean unflushed;
  private boolean readDatagram;
  private boolean readFailed;

  UdpSocket(
      DatagramChannel channel, Flusher flusher, TransportCounters counters, Receiver receiver) {
    this(channel, flusher, counters, receiver, SocketErrors.IGNORED);
  }

  UdpSocket(
      DatagramChannel channel,
      Flusher flusher,
      TransportCounters counters,
      Receiver receiver,
      SocketErrors errors) {
    this.errors = errors;
    this.channel = channel;
    this.flusher = flusher;
    this.counters = counters;
    this.receiver = receiver;
  }

  @Override
  public void send(ByteBuf payload, InetSocketAddress destination) {
    if (!payload.isReadable()) {
      // Netty writes no empty datagrams: it would take this one and forget it.
      counters.drop(DropReason.EMPTY);
      payload.release();
      return;
    }
    if (!channel.isWritable()) {
      // Either a long batch is waiting for its end, or the kernel's buffer is full and stays so.
      channel.flush();
      if (!channel.isWritable()) {
        counters.drop(DropReason.SEND_QUEUE_FULL);
        payload.release();
        return;
      }
    }
    var _ = channel.write(new DatagramPacket(payload, destination), channel.voidPromise());
    if (!unflushed) {
      unflushed = true;
      flusher.add(this);
    }
  }

  @Override
  public void sendUnfragmented(ByteBuf payload, InetSocketAddress destination) {
    throw new UnsupportedOperationException("this transport cannot forbid fragmentation");
  }

  @Override
  public void flush() {
    unflushed = false;
    channel.flush();
  }

  @Override
  public void close() {
    var _ = channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    readDatagram = true;
    DatagramPacket packet = (DatagramPacket) message;
    if (packet.content().readableBytes() > Datagrams.MAXIMUM_BYTES) {
      counters.drop(DropReason.OVERSIZED);
      packet.release();
    } else {
      receiver.onPeerDatagram(packet.content(), packet.sender());
    }
  }

  /** A read that was worth it but brought nothing was about errors. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    readFailed = !readDatagram && errors.fetch() > 0;
    readDatagram = false;
  }

  /**
   * With void promises this is where a failed send shows. One datagram is lost; UDP's users expect
   * that.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (readFailed) {
      readFailed = false; // the errors that failed it are fetched, and nothing was lost
      return;
    }
    errors.fetch();
    counters.drop(DropReason.SEND_FAILED);
  }
}
