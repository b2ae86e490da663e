package dev.sotto.benchmarks.relay;

import dev.sotto.media.demux.PacketKind;
import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.srtp.SrtpMasterKey;
import dev.sotto.media.srtp.SrtpProfile;
import dev.sotto.media.srtp.SrtpProvider;
import dev.sotto.media.srtp.SrtpTransform;
import dev.sotto.media.srtp.SrtpTransforms;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The least that a relay can do on this transport with this SRTP: decrypt, and encrypt for everyone
 * else. No ICE, DTLS, numbers, reports or limits: a yardstick and nothing else. Its arguments are
 * the address, and for how many microseconds packets are gathered so that those of one length leave
 * for one receiver as one message; 0 sends each by itself. Prints its port.
 */
final class Forwarder extends ChannelInboundHandlerAdapter {

  /** A greeting: its first byte, then key and salt of both directions, the client's own first. */
  static final byte GREETING = 'G';

  /** All of the message that lets a client go. */
  static final byte FAREWELL = 'B';

  static final SrtpProfile PROFILE = SrtpProfile.AEAD_AES_128_GCM;
  static final int GREETING_BYTES = 1 + 2 * (PROFILE.keyBytes() + PROFILE.saltBytes());

  private static final int DATAGRAM_BYTES = 2048;
  private static final int BATCH = 32;
  private static final int SOCKET_BUFFER_BYTES = 4 << 20;

  /** Half of what UDP_SEGMENT takes, as Netty's own limit on pooled chunks is above that. */
  private static final int LONGEST_RUN_BYTES = 32_768;

  /** The whole address space: a packet in any buffer is an address and a length. */
  @SuppressWarnings("restricted")
  private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private final SrtpTransforms transforms = SrtpTransforms.with(SrtpProvider.LIBCRYPTO);
  private final Map<InetSocketAddress, Member> members = new HashMap<>();
  private final List<Gathered> gathered = new ArrayList<>();
  private final RtpPacket view = new RtpPacket();
  private final long gatherMicros;
  private boolean isSendDue;

  /** Who has joined; equal to nobody else, which is cheap to find out. */
  private static final class Member {
    private final InetSocketAddress address;
    private final SrtpTransform srtp;

    Member(InetSocketAddress address, SrtpTransform srtp) {
      this.address = address;
      this.srtp = srtp;
    }
  }

  /** A decrypted packet, and whose it is. */
  private record Gathered(ByteBuf content, int headerBytes, Member from) {
    int length() {
      return content.readableBytes();
    }
  }

  private Forwarder(long gatherMicros) {
    this.gatherMicros = gatherMicros;
  }

  public static void main(String[] arguments) throws InterruptedException {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    Channel channel =
        new Bootstrap()
            .group(group)
            .channelFactory(() -> new EpollDatagramChannel(SocketProtocolFamily.INET))
            .option(ChannelOption.ALLOCATOR, new PooledByteBufAllocator(true))
            .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
            .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
            .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM_BYTES)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(DATAGRAM_BYTES * BATCH))
            .handler(new Forwarder(Long.parseLong(arguments[1])))
            .bind(arguments[0], 0)
            .syncUninterruptibly()
            .channel();
    System.out.println(((InetSocketAddress) channel.localAddress()).getPort());
    Thread.currentThread().join();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    ByteBuf content = packet.content();
    if (content.readableBytes() == 0 || !take(context, packet.sender(), content)) {
      content.release();
    }
  }

  /** Whether the content was kept. */
  private boolean take(ChannelHandlerContext context, InetSocketAddress from, ByteBuf content) {
    switch (content.getByte(content.readerIndex())) {
      case GREETING -> greet(context, from, content);
      case FAREWELL -> {
        Member gone = members.remove(from);
        if (gone != null) {
          gone.srtp.close();
        }
      }
      default -> {
        return gather(from, content);
      }
    }
    return false;
  }

  private void greet(ChannelHandlerContext context, InetSocketAddress from, ByteBuf greeting) {
    if (greeting.readableBytes() == GREETING_BYTES) {
      ByteBuf keys = greeting.slice(greeting.readerIndex() + 1, GREETING_BYTES - 1);
      members.computeIfAbsent(
          from,
          address -> {
            SrtpMasterKey inbound = key(keys);
            return new Member(address, transforms.of(PROFILE, key(keys), inbound));
          });
      context.writeAndFlush(new DatagramPacket(greeting.retain(), from), context.voidPromise());
    }
  }

  private static SrtpMasterKey key(ByteBuf bytes) {
    byte[] key = new byte[PROFILE.keyBytes()];
    byte[] salt = new byte[PROFILE.saltBytes()];
    bytes.readBytes(key).readBytes(salt);
    return new SrtpMasterKey(key, salt);
  }

  private boolean gather(InetSocketAddress from, ByteBuf content) {
    Member member = members.get(from);
    long address = content.memoryAddress() + content.readerIndex();
    if (member == null
        || PacketKind.of(MEMORY, address, content.readableBytes()) != PacketKind.RTP) {
      return false;
    }
    int length = member.srtp.unprotectRtp(MEMORY, address, content.readableBytes());
    if (length <= 0 || !view.wrap(MEMORY, address, length)) {
      return false;
    }
    content.writerIndex(content.readerIndex() + length);
    gathered.add(new Gathered(content, view.headerLength(), member));
    return true;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (gathered.isEmpty() || isSendDue) {
      return;
    }
    if (gatherMicros == 0) {
      send(context);
    } else {
      isSendDue = true;
      context.executor().schedule(() -> send(context), gatherMicros, TimeUnit.MICROSECONDS);
    }
  }

  private void send(ChannelHandlerContext context) {
    isSendDue = false;
    for (Member member : members.values()) {
      int next = 0;
      while (next < gathered.size()) {
        next = gathered.get(next).from.equals(member) ? next + 1 : sendRun(context, member, next);
      }
    }
    gathered.forEach(packet -> packet.content.release());
    gathered.clear();
    context.flush();
  }

  /** Sends packets of one length, and a shorter one behind them; where the next run begins. */
  private int sendRun(ChannelHandlerContext context, Member to, int first) {
    int clearBytes = gathered.get(first).length();
    int segmentBytes = clearBytes + PROFILE.rtpOverheadBytes();
    int room = gatherMicros == 0 ? segmentBytes : LONGEST_RUN_BYTES;
    ByteBuf run = context.alloc().directBuffer(room);
    int next = first;
    boolean open = true;
    while (open && next < gathered.size()) {
      Gathered packet = gathered.get(next);
      boolean mine = packet.from.equals(to);
      open = mine || (packet.length() <= clearBytes && run.writableBytes() >= segmentBytes);
      if (open) {
        next++;
      }
      if (open && !mine) {
        add(run, packet, to);
        open = packet.length() == clearBytes;
      }
    }
    boolean single = run.readableBytes() <= segmentBytes;
    context.write(
        single
            ? new DatagramPacket(run, to.address)
            : new SegmentedDatagramPacket(run, segmentBytes, to.address),
        context.voidPromise());
    return next;
  }

  private static void add(ByteBuf run, Gathered packet, Member to) {
    long source = packet.content.memoryAddress() + packet.content.readerIndex();
    long target = run.memoryAddress() + run.writerIndex();
    MemorySegment.copy(MEMORY, source, MEMORY, target, packet.headerBytes);
    int length =
        to.srtp.protectRtp(MEMORY, target, packet.length(), MEMORY, source + packet.headerBytes);
    run.writerIndex(run.writerIndex() + Math.max(0, length));
  }

  /** A refused datagram is a lost packet, and counted as that. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
}
