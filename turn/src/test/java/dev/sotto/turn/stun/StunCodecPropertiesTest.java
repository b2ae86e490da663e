package dev.sotto.turn.stun;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Properties of the codec that hold for every input. */
class StunCodecPropertiesTest {
  private static final byte[] KEY = {1, 2, 3};

  @Property
  void any_bytes_are_read_or_refused_but_never_thrown_at(@ForAll @Size(max = 200) byte[] bytes) {
    readEverything(bytes);
  }

  @Property
  void any_bytes_behind_a_valid_header_are_read_or_refused_but_never_thrown_at(
      @ForAll @Size(max = 200) byte[] body, @ForAll @IntRange(max = 0x3FFF) int type) {
    ByteBuf message = Unpooled.buffer();
    StunWriter.begin(message, type, 1, 2);
    message.writeBytes(body);
    message.setShort(StunMessage.LENGTH_OFFSET, body.length);
    readEverything(ByteBufUtil.getBytes(message));
  }

  @Property
  void a_message_cut_anywhere_is_refused(
      @ForAll @Size(max = 40) byte[] value, @ForAll @IntRange(max = 200) int cut) {
    byte[] message = sample(value);
    int length = Math.min(cut, message.length - 1);
    assertThat(new StunMessage().wrap(Unpooled.wrappedBuffer(Arrays.copyOf(message, length))))
        .isFalse();
  }

  @Property
  void a_message_with_any_byte_changed_fails_its_integrity_or_fingerprint(
      @ForAll @Size(max = 40) byte[] value,
      @ForAll @IntRange(max = 200) int position,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    byte[] message = sample(value);
    message[position % message.length] ^= (byte) change;
    StunMessage read = new StunMessage();
    boolean accepted =
        read.wrap(Unpooled.wrappedBuffer(message))
            && read.has(AttributeType.FINGERPRINT)
            && Fingerprint.isAbsentOrRight(read)
            && new MessageIntegrity().verify(read, IntegrityAlgorithm.HMAC_SHA256, KEY);
    assertThat(accepted).isFalse();
  }

  @Property
  void what_is_written_is_read(
      @ForAll @Size(max = 300) byte[] value, @ForAll("addresses") InetSocketAddress address) {
    ByteBuf out = Unpooled.buffer();
    StunWriter.begin(out, MessageType.SEND_INDICATION, 0x0123456789ABCDEFL, 0x76543210)
        .bytes(AttributeType.DATA, value)
        .xorAddress(AttributeType.XOR_PEER_ADDRESS, address);
    StunMessage read = new StunMessage();

    assertThat(read.wrap(out)).isTrue();
    assertThat(read.bytes(read.indexOf(AttributeType.DATA))).isEqualTo(value);
    XorAddress peer = new XorAddress();
    assertThat(peer.read(read, read.indexOf(AttributeType.XOR_PEER_ADDRESS))).isTrue();
    assertThat(peer.toSocketAddress()).isEqualTo(address);
  }

  @Property
  void a_data_indication_is_as_long_as_it_says_and_reads_back(
      @ForAll @Size(max = 300) byte[] payload, @ForAll("addresses") InetSocketAddress peer) {
    ByteBuf out = Unpooled.buffer();
    byte[] ip = peer.getAddress().getAddress();
    DataIndication.write(out, ip, peer.getPort(), Unpooled.wrappedBuffer(payload), 1, 2);
    StunMessage read = new StunMessage();

    assertThat(out.readableBytes()).isEqualTo(DataIndication.messageBytes(ip, payload.length));
    assertThat(read.wrap(out)).isTrue();
    assertThat(read.bytes(read.indexOf(AttributeType.DATA))).isEqualTo(payload);
  }

  @Provide
  Arbitrary<InetSocketAddress> addresses() {
    return Arbitraries.bytes()
        .array(byte[].class)
        .ofSize(16)
        .map(bytes ->
            new InetSocketAddress(address(bytes), (bytes[4] & 0xFF) << 8 | (bytes[5] & 0xFF)));
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes[0] % 2 == 0 ? Arrays.copyOf(bytes, 4) : bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] sample(byte[] value) {
    return StunWriter.begin(Unpooled.buffer(), MessageType.BINDING_REQUEST, 1, 2)
        .bytes(AttributeType.SOFTWARE, value)
        .integrity(new MessageIntegrity(), IntegrityAlgorithm.HMAC_SHA256, KEY)
        .fingerprint()
        .toByteArray();
  }

  private static void readEverything(byte[] bytes) {
    StunMessage message = new StunMessage();
    if (message.wrap(Unpooled.wrappedBuffer(bytes))) {
      XorAddress address = new XorAddress();
      for (int i = 0; i < message.attributeCount(); i++) {
        assertThat(message.bytes(i)).hasSize(message.valueLength(i));
        if (address.read(message, i)) {
          assertThat(address.toSocketAddress()).isNotNull();
        }
      }
      Fingerprint.isAbsentOrRight(message);
      new MessageIntegrity().verify(message, IntegrityAlgorithm.HMAC_SHA1, KEY);
      new MessageIntegrity().verify(message, IntegrityAlgorithm.HMAC_SHA256, KEY);
    }
  }
}
