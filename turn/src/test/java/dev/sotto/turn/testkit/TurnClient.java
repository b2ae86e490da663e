package dev.sotto.turn.testkit;

import dev.sotto.turn.auth.LongTermKey;
import dev.sotto.turn.auth.PasswordAlgorithm;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.ChannelData;
import dev.sotto.turn.stun.IntegrityAlgorithm;
import dev.sotto.turn.stun.MessageIntegrity;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.stun.StunMessage;
import dev.sotto.turn.stun.StunWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A TURN client with no more logic than a test needs: it says exactly what it is told. */
public final class TurnClient {
  private static final long TRANSACTION = 0x736f74746fL;
  public static final int UDP = 17 << 24;

  private final Wire wire;
  private final MessageIntegrity integrity = new MessageIntegrity();
  private String username;
  private String password;
  private String realm = "";
  private byte[] nonce = new byte[0];
  private IntegrityAlgorithm algorithm = IntegrityAlgorithm.HMAC_SHA1;
  private long nextTransaction = 1;

  public TurnClient(Wire wire, String username, String password) {
    this.wire = wire;
    this.username = username;
    this.password = password;
  }

  public TurnClient as(String otherUsername, String otherPassword) {
    username = otherUsername;
    password = otherPassword;
    return this;
  }

  public TurnClient with(IntegrityAlgorithm other) {
    algorithm = other;
    return this;
  }

  public TurnClient withNonce(String otherRealm, byte[] otherNonce) {
    realm = otherRealm;
    nonce = otherNonce;
    return this;
  }

  public InetSocketAddress address() {
    return wire.localAddress();
  }

  public byte[] key() {
    return LongTermKey.of(PasswordAlgorithm.MD5, username, realm, password).bytes();
  }

  /** Asks for a challenge and keeps its realm and nonce. */
  public Message greet() {
    Message challenge =
        ask(
            plain(
                MessageType.ALLOCATE_REQUEST,
                it -> it.unsignedInt(AttributeType.REQUESTED_TRANSPORT, UDP)));
    realm = challenge.text(AttributeType.REALM);
    nonce = challenge.bytes(AttributeType.NONCE);
    return challenge;
  }

  /**
   * Allocates with a challenge first; fails the test unless it works. Returns the relayed address.
   */
  public InetSocketAddress allocate() {
    greet();
    Message answer = allocate(UnaryOperator.identity());
    if (!answer.isSuccess()) {
      throw new AssertionError("allocate failed with " + answer.errorCode());
    }
    return answer.address(AttributeType.XOR_RELAYED_ADDRESS);
  }

  public Message allocate(UnaryOperator<StunWriter> more) {
    return request(
        MessageType.ALLOCATE_REQUEST,
        it -> more.apply(it.unsignedInt(AttributeType.REQUESTED_TRANSPORT, UDP)));
  }

  public Message refresh(long seconds) {
    return request(
        MessageType.REFRESH_REQUEST, it -> it.unsignedInt(AttributeType.LIFETIME, seconds));
  }

  public Message permit(InetSocketAddress... peers) {
    return request(
        MessageType.CREATE_PERMISSION_REQUEST,
        it -> {
          for (InetSocketAddress peer : peers) {
            it.xorAddress(AttributeType.XOR_PEER_ADDRESS, peer);
          }
          return it;
        });
  }

  public Message bind(int channel, InetSocketAddress peer) {
    return request(
        MessageType.CHANNEL_BIND_REQUEST,
        it ->
            it.unsignedInt(AttributeType.CHANNEL_NUMBER, (long) channel << 16)
                .xorAddress(AttributeType.XOR_PEER_ADDRESS, peer));
  }

  public void sendTo(InetSocketAddress peer, String data) {
    wire.send(
        plain(
            MessageType.SEND_INDICATION,
            it ->
                it.xorAddress(AttributeType.XOR_PEER_ADDRESS, peer)
                    .bytes(AttributeType.DATA, latin1(data))));
  }

  public void sendOn(int channel, String data) {
    ByteBuf message = Unpooled.buffer();
    ChannelData.write(message, channel, Unpooled.wrappedBuffer(latin1(data)));
    wire.send(ByteBufUtil.getBytes(message));
  }

  /** An authenticated request and its answer. */
  public Message request(int type, UnaryOperator<StunWriter> attributes) {
    return ask(authenticated(type, attributes));
  }

  public byte[] authenticated(int type, UnaryOperator<StunWriter> attributes) {
    return plain(
        type,
        it ->
            attributes
                .apply(it)
                .text(AttributeType.USERNAME, username)
                .text(AttributeType.REALM, realm)
                .bytes(AttributeType.NONCE, nonce)
                .integrity(integrity, algorithm, key()));
  }

  public byte[] plain(int type, UnaryOperator<StunWriter> attributes) {
    return attributes
        .apply(StunWriter.begin(Unpooled.buffer(), type, TRANSACTION, (int) nextTransaction++))
        .toByteArray();
  }

  /**
   * Magic cookie and transaction id of the next message, for a test that writes an XOR-ed address
   * by hand.
   */
  public byte[] nextXorKey() {
    return ByteBuffer.allocate(16)
        .putInt(StunMessage.MAGIC_COOKIE)
        .putLong(TRANSACTION)
        .putInt((int) nextTransaction)
        .array();
  }

  public Message ask(byte[] request) {
    wire.send(request);
    return expectMessage();
  }

  public Message expectMessage() {
    return new Message(receive().orElseThrow(() -> new AssertionError("the server stayed silent")));
  }

  public void send(byte[] message) {
    wire.send(message);
  }

  public Optional<byte[]> receive() {
    return wire.receive();
  }

  /** The payload of the next Data indication, which must come from this peer. */
  public String expectDataFrom(InetSocketAddress peer) {
    Message indication = expectMessage();
    if (indication.stun().type() != MessageType.DATA_INDICATION) {
      throw new AssertionError("not a Data indication: " + indication.stun().type());
    }
    if (!indication.address(AttributeType.XOR_PEER_ADDRESS).equals(peer)) {
      throw new AssertionError(
          "data from " + indication.address(AttributeType.XOR_PEER_ADDRESS) + ", not " + peer);
    }
    return new String(indication.bytes(AttributeType.DATA), StandardCharsets.ISO_8859_1);
  }

  /** The payload of the next ChannelData message, which must be on this channel. */
  public String expectDataOn(int channel) {
    ByteBuffer message =
        ByteBuffer.wrap(receive().orElseThrow(() -> new AssertionError("no ChannelData came")));
    if (Short.toUnsignedInt(message.getShort()) != channel) {
      throw new AssertionError("not on channel " + channel);
    }
    byte[] data = new byte[Short.toUnsignedInt(message.getShort())];
    message.get(data);
    return new String(data, StandardCharsets.ISO_8859_1);
  }

  /**
   * Sends a Binding request and expects its answer to be the very next message: all before it was
   * met with silence.
   */
  public void expectSilenceBefore() {
    Message answer = ask(plain(MessageType.BINDING_REQUEST, UnaryOperator.identity()));
    if (answer.stun().type() != MessageType.successOf(MessageType.BINDING_REQUEST)) {
      throw new AssertionError("expected silence, got a message of type " + answer.stun().type());
    }
  }

  /**
   * Returns when the server has answered everything that was sent so far, whatever the answers are.
   */
  public void awaitQuiet() {
    send(plain(MessageType.BINDING_REQUEST, UnaryOperator.identity()));
    int bindingSuccess = MessageType.successOf(MessageType.BINDING_REQUEST);
    int type;
    do {
      type = expectMessage().stun().type();
    } while (type != bindingSuccess);
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
