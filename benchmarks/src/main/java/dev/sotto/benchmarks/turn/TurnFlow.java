package dev.sotto.benchmarks.turn;

import dev.sotto.turn.auth.LongTermKey;
import dev.sotto.turn.auth.PasswordAlgorithm;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.ChannelData;
import dev.sotto.turn.stun.IntegrityAlgorithm;
import dev.sotto.turn.stun.MessageIntegrity;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.stun.StunMessage;
import dev.sotto.turn.stun.StunWriter;
import dev.sotto.turn.stun.XorAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * One client's way through a TURN server: allocates, names its peer by channel or permission, then
 * frames and unframes data. Everything runs on one event loop.
 */
final class TurnFlow implements Flow {

  private static final int CHANNEL = 0x4000;
  private static final int UDP = 17 << 24;
  private static final long TRANSACTION = 0x62656e6368L;
  private static final int DATA_ATTRIBUTE = 0x0013;

  private enum Step {
    GREET,
    ALLOCATE,
    NAME_PEER,
    OPEN
  }

  private final Channel channel;
  private final Load.Framing framing;
  private final CompletableFuture<InetSocketAddress> relayed;
  private final CompletableFuture<InetSocketAddress> peerWhenKnown;
  private final Account account;
  private final Listener listener;
  private final MessageIntegrity integrity = new MessageIntegrity();
  private final StunMessage message = new StunMessage();
  private Step step = Step.GREET;
  private byte[] nonce = new byte[0];
  private byte[] key = new byte[0];
  private int transaction;
  private int asked;
  private long allocateSentNanos;
  private long allocationNanos;
  private InetSocketAddress peer;
  private ByteBuf lastRequest;

  /**
   * @param relayed completed with its relayed address
   * @param peer who data is for; named to the server once it is known
   * @param listener told once data can flow
   */
  TurnFlow(
      Channel channel,
      Load.Framing framing,
      CompletableFuture<InetSocketAddress> relayed,
      CompletableFuture<InetSocketAddress> peer,
      Account account,
      Listener listener) {
    this.channel = channel;
    this.framing = framing;
    this.relayed = relayed;
    this.peerWhenKnown = peer;
    this.account = account;
    this.listener = listener;
  }

  @Override
  public void open() {
    allocateSentNanos = System.nanoTime();
    ask(
        begin(MessageType.ALLOCATE_REQUEST)
            .unsignedInt(AttributeType.REQUESTED_TRANSPORT, UDP)
            .toByteArray());
  }

  @Override
  public void again() {
    if (step != Step.OPEN && lastRequest != null) {
      channel.writeAndFlush(lastRequest.retainedDuplicate(), channel.voidPromise());
    }
  }

  @Override
  public boolean isOpen() {
    return step == Step.OPEN;
  }

  /** Nanoseconds from the first Allocate to its success, the challenge included. */
  @Override
  public long allocationNanos() {
    return allocationNanos;
  }

  @Override
  public InetSocketAddress outside() {
    return relayed.join();
  }

  @Override
  public void close() {
    if (lastRequest != null) {
      lastRequest.release();
      lastRequest = null;
    }
    // Over UDP nobody else tells the server that the allocation has ended.
    if (step == Step.OPEN) {
      byte[] refresh =
          authenticated(
              MessageType.REFRESH_REQUEST, it -> it.unsignedInt(AttributeType.LIFETIME, 0));
      channel.writeAndFlush(channel.alloc().buffer().writeBytes(refresh), channel.voidPromise());
    }
    channel.close();
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public ByteBuf frame(ByteBuf payload) {
    int length = payload.readableBytes();
    ByteBuf out = channel.alloc().directBuffer(length + 64);
    switch (framing) {
      case CHANNEL_DATA -> {
        out.writeShort(CHANNEL).writeShort(length).writeBytes(payload);
        if (channel instanceof io.netty.channel.socket.SocketChannel) {
          out.writeZero(StunMessage.padded(length) - length);
        }
      }
      case SEND -> {
        var _ =
            StunWriter.begin(out, MessageType.SEND_INDICATION, TRANSACTION, transaction++)
                .xorAddress(AttributeType.XOR_PEER_ADDRESS, peer);
        int padded = StunMessage.padded(length);
        out.writeShort(DATA_ATTRIBUTE).writeShort(length).writeBytes(payload);
        out.writeZero(padded - length);
        out.setShort(2, out.readableBytes() - StunMessage.HEADER_BYTES);
      }
    }
    payload.release();
    return out;
  }

  @Override
  public int payloadOffset(ByteBuf received) {
    int first = received.getByte(received.readerIndex()) & 0xFF;
    if (ChannelData.startsLike(first)) {
      return received.readerIndex() + ChannelData.HEADER_BYTES;
    }
    if (received.getUnsignedShort(received.readerIndex()) != MessageType.DATA_INDICATION) {
      answer(received);
      return NO_PAYLOAD;
    }
    int at = received.readerIndex() + StunMessage.HEADER_BYTES;
    while (received.getUnsignedShort(at) != DATA_ATTRIBUTE) {
      at += 4 + StunMessage.padded(received.getUnsignedShort(at + 2));
    }
    return at + 4;
  }

  private void answer(ByteBuf received) {
    // Answers to repeated requests come more than once.
    if (step == Step.OPEN || !message.wrap(received) || message.transactionIdLow() != asked) {
      return;
    }
    int type = message.type();
    switch (step) {
      case GREET -> {
        if (type == MessageType.errorOf(MessageType.ALLOCATE_REQUEST)) {
          String realm = message.text(message.indexOf(AttributeType.REALM));
          nonce = message.bytes(message.indexOf(AttributeType.NONCE));
          key =
              LongTermKey.of(PasswordAlgorithm.MD5, account.user(), realm, account.password())
                  .bytes();
          step = Step.ALLOCATE;
          ask(
              authenticated(
                  MessageType.ALLOCATE_REQUEST,
                  it -> it.unsignedInt(AttributeType.REQUESTED_TRANSPORT, UDP)));
        }
      }
      case ALLOCATE -> {
        if (type == MessageType.successOf(MessageType.ALLOCATE_REQUEST)) {
          allocationNanos = System.nanoTime() - allocateSentNanos;
          XorAddress address = new XorAddress();
          address.read(message, message.indexOf(AttributeType.XOR_RELAYED_ADDRESS));
          step = Step.NAME_PEER;
          relayed.complete(address.toSocketAddress());
          var _ =
              peerWhenKnown.thenAccept(known -> {
                peer = known;
                ask(namePeer());
              });
        } else if (type == MessageType.errorOf(MessageType.ALLOCATE_REQUEST)
            && message.has(AttributeType.ERROR_CODE)) {
          byte[] code = message.bytes(message.indexOf(AttributeType.ERROR_CODE));
          listener.refused(code[2] * 100 + code[3]);
        }
      }
      case NAME_PEER -> {
        if (type == MessageType.successOf(namingRequest())) {
          step = Step.OPEN;
          listener.opened();
        }
      }
      case OPEN -> {}
    }
  }

  private int namingRequest() {
    return switch (framing) {
      case CHANNEL_DATA -> MessageType.CHANNEL_BIND_REQUEST;
      case SEND -> MessageType.CREATE_PERMISSION_REQUEST;
    };
  }

  private byte[] namePeer() {
    return authenticated(
        namingRequest(),
        it ->
            (framing == Load.Framing.CHANNEL_DATA
                    ? it.unsignedInt(AttributeType.CHANNEL_NUMBER, (long) CHANNEL << 16)
                    : it)
                .xorAddress(AttributeType.XOR_PEER_ADDRESS, peer));
  }

  private byte[] authenticated(int type, UnaryOperator<StunWriter> attributes) {
    return attributes
        .apply(begin(type))
        .text(AttributeType.USERNAME, account.user())
        .text(AttributeType.REALM, account.realm())
        .bytes(AttributeType.NONCE, nonce)
        .integrity(integrity, IntegrityAlgorithm.HMAC_SHA1, key)
        .toByteArray();
  }

  private StunWriter begin(int type) {
    return StunWriter.begin(channel.alloc().heapBuffer(), type, TRANSACTION, transaction++);
  }

  private void ask(byte[] request) {
    if (lastRequest != null) {
      lastRequest.release();
    }
    asked = transaction - 1;
    lastRequest = channel.alloc().buffer(request.length).writeBytes(request);
    channel.writeAndFlush(lastRequest.retainedDuplicate(), channel.voidPromise());
  }
}
