package dev.sotto.turn.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.ChannelData;
import dev.sotto.turn.stun.Fingerprint;
import dev.sotto.turn.stun.IntegrityAlgorithm;
import dev.sotto.turn.stun.MessageIntegrity;
import dev.sotto.turn.stun.StunMessage;
import dev.sotto.turn.stun.XorAddress;
import dev.sotto.turn.testkit.World;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.DisplayName;

/**
 * Bytes from the network through everything that reads them before a client has authenticated. In
 * the normal test run the saved corpus is read once; the README says how to search for longer.
 */
@DisplayName("No datagram makes the codec or the worker throw, read beyond its end or leak")
class MessageFuzzTest {
  private static final byte[] KEY = {1, 2, 3};
  private static final InetSocketAddress CLIENT =
      new InetSocketAddress(InetAddress.ofLiteral("192.0.2.10"), 4000);

  @FuzzTest(maxDuration = "10m")
  void stun_codec(byte[] datagram) {
    ByteBuf buffer = Unpooled.wrappedBuffer(datagram);
    StunMessage message = new StunMessage();
    if (!message.wrap(buffer)) {
      return;
    }
    Fingerprint.isAbsentOrRight(message);
    XorAddress address = new XorAddress();
    for (int i = 0; i < message.attributeCount(); i++) {
      require(message.bytes(i).length == message.valueLength(i));
      require(message.text(i).length() <= message.valueLength(i));
      if (address.read(message, i)) {
        require(address.toSocketAddress().getPort() == address.port());
      }
      require(message.indexOf(message.attributeType(i)) <= i);
    }
    MessageIntegrity integrity = new MessageIntegrity();
    for (IntegrityAlgorithm algorithm : IntegrityAlgorithm.values()) {
      if (message.has(algorithm.attributeType())) {
        integrity.verify(message, algorithm, KEY);
      }
    }
    require(message.has(AttributeType.USERNAME) == message.indexOf(AttributeType.USERNAME) >= 0);
    require(buffer.refCnt() == 1);
  }

  @FuzzTest(maxDuration = "10m")
  void channel_data(byte[] datagram) {
    ByteBuf buffer = Unpooled.wrappedBuffer(datagram);
    if (datagram.length >= ChannelData.HEADER_BYTES && ChannelData.startsLike(datagram[0])) {
      require(ChannelData.channelNumber(buffer) >>> 14 == 1);
      ByteBuf again = Unpooled.buffer();
      int payload = Math.min(ChannelData.length(buffer), datagram.length - 4);
      ChannelData.write(
          again,
          ChannelData.channelNumber(buffer),
          buffer.slice(ChannelData.HEADER_BYTES, payload));
      require(ChannelData.length(again) == payload);
    }
  }

  /** The whole worker, with a client that has an allocation and a channel. */
  @FuzzTest(maxDuration = "10m")
  void worker(byte[] datagram) {
    World world = new World();
    var client = world.client(CLIENT.getAddress().getHostAddress(), CLIENT.getPort());
    client.allocate();
    client.bind(0x4000, new InetSocketAddress(InetAddress.ofLiteral("9.9.9.9"), 7000));
    ByteBuf buffer = Unpooled.buffer().writeBytes(datagram);
    world.worker.onClientDatagram(buffer, CLIENT, world.link());
    require(buffer.refCnt() == 0);
    require(world.allocations() == 1);
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("an invariant of the codec does not hold");
    }
  }
}
