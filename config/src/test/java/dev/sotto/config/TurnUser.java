package dev.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.auth.LongTermKey;
import dev.sotto.turn.auth.PasswordAlgorithm;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.IntegrityAlgorithm;
import dev.sotto.turn.stun.MessageIntegrity;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.stun.StunMessage;
import dev.sotto.turn.stun.StunWriter;
import dev.sotto.turn.stun.XorAddress;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** A TURN client on a real socket with no more than these tests need. */
final class TurnUser implements AutoCloseable {

  private static final long UDP_TRANSPORT = 17L << 24;
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int MAXIMUM_BYTES = 4096;

  private final Wire wire;
  private final String name;
  private final String password;
  private final MessageIntegrity integrity = new MessageIntegrity();
  private String realm = "";
  private byte[] nonce = {};
  private int transactions;

  /** What carries messages, each whole. */
  interface Wire extends AutoCloseable {
    void send(byte[] message) throws IOException;

    byte[] receive() throws IOException;

    @Override
    void close() throws IOException;
  }

  private TurnUser(Wire wire, String name, String password) {
    this.wire = wire;
    this.name = name;
    this.password = password;
  }

  static TurnUser overUdp(InetSocketAddress server, String name, String password)
      throws IOException {
    DatagramSocket socket = new DatagramSocket(0, server.getAddress());
    socket.connect(server);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return new TurnUser(new Datagrams(socket), name, password);
  }

  static TurnUser overDtls(InetSocketAddress server, String name, String password)
      throws IOException {
    return new TurnUser(DtlsWire.connect(server, PATIENCE_MILLIS), name, password);
  }

  /** Over a TCP or TLS connection. Every message that is sent must be a multiple of four long. */
  static TurnUser over(Socket connected, String name, String password) throws IOException {
    connected.setSoTimeout(PATIENCE_MILLIS);
    return new TurnUser(
        new Stream(connected, new DataInputStream(connected.getInputStream())), name, password);
  }

  /** Gets realm and nonce. */
  void greet() throws IOException {
    StunMessage challenge =
        ask(
            begin(MessageType.ALLOCATE_REQUEST)
                .unsignedInt(AttributeType.REQUESTED_TRANSPORT, UDP_TRANSPORT));
    realm = challenge.text(challenge.indexOf(AttributeType.REALM));
    nonce = challenge.bytes(challenge.indexOf(AttributeType.NONCE));
  }

  /** The answer to an Allocate after {@link #greet}. */
  StunMessage askToAllocate() throws IOException {
    return request(
        MessageType.ALLOCATE_REQUEST,
        it -> it.unsignedInt(AttributeType.REQUESTED_TRANSPORT, UDP_TRANSPORT));
  }

  /** Greets and allocates; the relayed address. */
  InetSocketAddress allocate() throws IOException {
    greet();
    return address(askToAllocate(), AttributeType.XOR_RELAYED_ADDRESS);
  }

  StunMessage refresh(long seconds) throws IOException {
    return request(
        MessageType.REFRESH_REQUEST, it -> it.unsignedInt(AttributeType.LIFETIME, seconds));
  }

  StunMessage permit(InetSocketAddress peer) throws IOException {
    return request(
        MessageType.CREATE_PERMISSION_REQUEST,
        it -> it.xorAddress(AttributeType.XOR_PEER_ADDRESS, peer));
  }

  void send(InetSocketAddress peer, String data) throws IOException {
    wire.send(
        begin(MessageType.SEND_INDICATION)
            .xorAddress(AttributeType.XOR_PEER_ADDRESS, peer)
            .bytes(AttributeType.DATA, data.getBytes(StandardCharsets.US_ASCII))
            .toByteArray());
  }

  /** The payload of the next Data indication. */
  String receive() throws IOException {
    StunMessage indication = next();
    assertThat(indication.type()).isEqualTo(MessageType.DATA_INDICATION);
    return new String(
        indication.bytes(indication.indexOf(AttributeType.DATA)), StandardCharsets.US_ASCII);
  }

  /** The error code of an answer; 0 for a success. */
  static int errorCode(StunMessage answer) {
    int error = answer.indexOf(AttributeType.ERROR_CODE);
    return error < 0 ? 0 : answer.bytes(error)[2] * 100 + answer.bytes(error)[3];
  }

  /** An address of an answer that is written XORed. */
  static InetSocketAddress address(StunMessage answer, int attributeType) {
    XorAddress address = new XorAddress();
    assertThat(answer.has(attributeType)).as("error %d", errorCode(answer)).isTrue();
    assertThat(address.read(answer, answer.indexOf(attributeType))).isTrue();
    return address.toSocketAddress();
  }

  private StunMessage request(int type, UnaryOperator<StunWriter> attributes) throws IOException {
    byte[] key = LongTermKey.of(PasswordAlgorithm.MD5, name, realm, password).bytes();
    return ask(
        attributes
            .apply(begin(type))
            .text(AttributeType.USERNAME, name)
            .text(AttributeType.REALM, realm)
            .bytes(AttributeType.NONCE, nonce)
            .integrity(integrity, IntegrityAlgorithm.HMAC_SHA1, key));
  }

  private StunWriter begin(int type) {
    return StunWriter.begin(Unpooled.buffer(), type, 0x736f74746fL, ++transactions);
  }

  private StunMessage ask(StunWriter request) throws IOException {
    wire.send(request.toByteArray());
    return next();
  }

  private StunMessage next() throws IOException {
    StunMessage message = new StunMessage();
    assertThat(message.wrap(Unpooled.wrappedBuffer(wire.receive()))).isTrue();
    return message;
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }

  private record Datagrams(DatagramSocket socket) implements Wire {
    @Override
    public void send(byte[] message) throws IOException {
      socket.send(new DatagramPacket(message, message.length));
    }

    @Override
    public byte[] receive() throws IOException {
      DatagramPacket packet = new DatagramPacket(new byte[MAXIMUM_BYTES], MAXIMUM_BYTES);
      socket.receive(packet);
      return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private record Stream(Socket socket, DataInputStream in) implements Wire {
    @Override
    public void send(byte[] message) throws IOException {
      socket.getOutputStream().write(message);
    }

    @Override
    public byte[] receive() throws IOException {
      byte[] header = new byte[StunMessage.HEADER_BYTES];
      in.readFully(header);
      int length = Short.toUnsignedInt(ByteBuffer.wrap(header).getShort(2));
      byte[] message = Arrays.copyOf(header, header.length + length);
      in.readFully(message, header.length, length);
      return message;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
