package dev.sotto.relay.worker;

import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.statistics.DropReason;
import dev.sotto.relay.transport.NativeMemory;
import dev.sotto.relay.transport.PacketSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packets to send are made side by side in one buffer. Those to one address that follow each other
 * and are of one size, the last one at most that, leave as one message, which the kernel cuts again
 * (UDP_SEGMENT): that is a third of the cost. {@link #flush} sends what has gathered by few system
 * calls. Of one event loop.
 */
final class SendSlab implements PacketSink {
  /** So much is encrypted before it is sent: what fits the second-level cache. */
  private static final int SLAB_BYTES = 128 << 10;

  /** UDP_MAX_SEGMENTS of kernels before 6.9. */
  private static final int MOST_SEGMENTS = 64;

  /** What one UDP datagram, and with it one message, can hold. */
  private static final int MOST_MESSAGE_BYTES = 65_000;

  /**
   * What every IPv6 path carries whole. The kernel refuses a message whose segments would have to
   * be fragmented, so a longer packet leaves alone and takes no other with it.
   */
  private static final int MOST_SEGMENT_BYTES = 1280 - 40 - 8;

  /** EIO, EINVAL and EMSGSIZE: no checksum offload, or segments beyond the device's MTU. */
  private static final Set<Integer> REFUSED_SEGMENTS = Set.of(-5, -22, -90);

  private static final Logger LOG = LoggerFactory.getLogger(SendSlab.class);

  private final List<DatagramChannel> channels;
  private final ByteBufAllocator allocator;
  private boolean segmentation;
  private final Counters counters;
  private final boolean[] unflushed;

  private ByteBuf slab;
  private long base;
  private int used;
  private boolean closed;

  private int messageStart;
  private int messageBytes;
  private int segmentBytes;
  private int segments;
  private boolean lastWasShort;
  private int messageSocket;
  private InetSocketAddress messageRemote = InetSocketAddress.createUnresolved("none", 0);

  /**
   * @param segmentation whether the channels are of a kind that cuts messages
   */
  SendSlab(
      List<DatagramChannel> channels,
      ByteBufAllocator allocator,
      boolean segmentation,
      Counters counters) {
    this.channels = channels;
    this.allocator = allocator;
    this.segmentation = segmentation;
    this.counters = counters;
    unflushed = new boolean[channels.size()];
    renew();
  }

  private void renew() {
    slab = allocator.directBuffer(SLAB_BYTES, SLAB_BYTES);
    base = slab.memoryAddress();
    used = 0;
    counters.increment(Counter.SLABS_ALLOCATED);
  }

  @Override
  public MemorySegment segment() {
    return NativeMemory.ALL;
  }

  @Override
  public long reserve(int bytes) {
    if (bytes > SLAB_BYTES || closed) {
      counters.drop(DropReason.SEND_QUEUE_FULL);
      return NO_ROOM;
    }
    if (used + bytes > SLAB_BYTES) {
      flush();
    }
    if (used + bytes > SLAB_BYTES) {
      // What the kernel has not taken yet keeps the old one alive.
      slab.release();
      renew();
    }
    return base + used;
  }

  @Override
  public boolean sendsRuns() {
    return segmentation;
  }

  @Override
  public void send(int length, int socket, InetSocketAddress remote) {
    if (!joins(length, socket, remote)) {
      endMessage();
      messageStart = used;
      messageSocket = socket;
      messageRemote = remote;
      segmentBytes = length;
    }
    used += length;
    messageBytes += length;
    segments++;
    lastWasShort = length < segmentBytes;
  }

  private boolean joins(int length, int socket, InetSocketAddress remote) {
    return segmentation
        && segments > 0
        && segments < MOST_SEGMENTS
        && !lastWasShort
        && length <= segmentBytes
        && segmentBytes <= MOST_SEGMENT_BYTES
        && messageBytes + length <= MOST_MESSAGE_BYTES
        && socket == messageSocket
        && remote.equals(messageRemote);
  }

  private void endMessage() {
    if (segments == 0) {
      return;
    }
    DatagramChannel channel = channels.get(messageSocket);
    if (!channel.isWritable()) {
      channel.flush();
    }
    if (channel.isWritable()) {
      ByteBuf bytes = slab.retainedSlice(messageStart, messageBytes);
      DatagramPacket message =
          segments == 1
              ? new DatagramPacket(bytes, messageRemote)
              : new SegmentedDatagramPacket(bytes, segmentBytes, messageRemote);
      var _ = channel.write(message, channel.voidPromise());
      unflushed[messageSocket] = true;
      counters.increment(Counter.MESSAGES_SENT);
      counters.add(Counter.PACKETS_SENT, segments);
      counters.add(Counter.BYTES_SENT, messageBytes);
    } else {
      for (int i = 0; i < segments; i++) {
        counters.drop(DropReason.SEND_QUEUE_FULL);
      }
    }
    segments = 0;
    messageBytes = 0;
  }

  /** Sends all that has gathered. */
  void flush() {
    if (closed) {
      return;
    }
    endMessage();
    for (int i = 0; i < unflushed.length; i++) {
      if (unflushed[i]) {
        unflushed[i] = false;
        channels.get(i).flush();
      }
    }
    if (slab.refCnt() == 1) {
      // The kernel has taken all. Else the rest of the slab is used first: if each message that
      // waits kept a slab of its own alive, a full queue would cost gigabytes.
      used = 0;
    }
  }

  /**
   * A send has failed. Where a path or device does not take messages that are to be cut, packets
   * leave one by one from now on: slower, but they leave.
   */
  void onSendFailed(Throwable cause) {
    counters.drop(DropReason.SEND_FAILED);
    if (segmentation
        && cause instanceof Errors.NativeIoException failure
        && REFUSED_SEGMENTS.contains(failure.expectedErr())) {
      segmentation = false;
      LOG.warn(
          "the kernel refuses UDP_SEGMENT here ({}); packets leave one by one, at more CPU each",
          cause.getMessage());
    }
  }

  /** Nothing is sent any more. */
  void close() {
    if (!closed) {
      flush();
      closed = true;
      slab.release();
    }
  }
}
