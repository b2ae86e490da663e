package dev.sotto.relay.worker;

import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.statistics.DropReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/** A worker's UDP socket: hands each datagram on, and tells when a batch is through. */
final class MediaSocket extends ChannelInboundHandlerAdapter {
  /** Nothing that crosses the internet whole is longer; one byte more tells what was cut. */
  static final int MAXIMUM_BYTES = 2047;

  static final int BUFFER_BYTES = 2048;

  /** Datagrams a system call: the half of a key frame, in 64 kB that stay pooled. */
  static final int BATCH = 32;

  private final int index;
  private final Receiver receiver;
  private final Counters counters;

  /** Takes what comes. */
  interface Receiver {
    /**
     * A datagram in native memory, good until the call returns.
     *
     * @param socket the index of the socket
     */
    void onDatagram(long address, int length, int socket, InetSocketAddress remote);

    /** What came together has been handed on. */
    void onBatchEnd();

    /** The kernel has refused a message. */
    void onSendFailed(Throwable cause);
  }

  MediaSocket(int index, Receiver receiver, Counters counters) {
    this.index = index;
    this.receiver = receiver;
    this.counters = counters;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    try {
      ByteBuf content = packet.content();
      int length = content.readableBytes();
      if (length > MAXIMUM_BYTES) {
        counters.drop(DropReason.OVERSIZED);
      } else {
        receiver.onDatagram(
            content.memoryAddress() + content.readerIndex(), length, index, packet.sender());
      }
    } finally {
      packet.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    receiver.onBatchEnd();
  }

  /** With void promises this is where a failed send shows: a datagram is lost, as they are. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    receiver.onSendFailed(cause);
  }
}
