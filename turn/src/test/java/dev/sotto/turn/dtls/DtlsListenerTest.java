package dev.sotto.turn.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.ClientTransport;
import dev.sotto.turn.relay.Quotas;
import dev.sotto.turn.relay.RelaySocket;
import dev.sotto.turn.testkit.DtlsWire;
import dev.sotto.turn.testkit.TestTls;
import dev.sotto.turn.testkit.World;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DtlsListenerTest {
  private static final InetSocketAddress CLIENT =
      new InetSocketAddress(InetAddress.ofLiteral("203.0.113.7"), 5000);
  private static final int COOKIE_OFFSET =
      13 + 12 + 3; // record, handshake message, version, length

  private final EmbeddedChannel loop = new EmbeddedChannel();
  private final List<String> cookies = new ArrayList<>();

  /** RFC 6347 section 4.2.1: a secret that changes keeps cookies from being collected for later. */
  @Test
  void cookies_are_made_with_another_secret_every_ten_minutes() throws Exception {
    World world = new World();
    DtlsListener listener =
        new DtlsListener(
            new DtlsContext(new TestTls().identity()),
            loop.eventLoop(),
            new Quotas(10, 10),
            Duration.ofSeconds(30),
            world.counters.of(ClientTransport.DTLS),
            world.worker);
    loop.freezeTime();
    listener.attach(new CookieJar());
    byte[] hello = DtlsWire.clientHello();

    listener.onDatagram(Unpooled.wrappedBuffer(hello), CLIENT);
    pass(599);
    listener.onDatagram(Unpooled.wrappedBuffer(hello), CLIENT);
    pass(1);
    listener.onDatagram(Unpooled.wrappedBuffer(hello), CLIENT);

    assertThat(cookies).hasSize(3);
    assertThat(cookies.get(1)).isEqualTo(cookies.get(0));
    assertThat(cookies.get(2)).isNotEqualTo(cookies.get(0));
    loop.finishAndReleaseAll();
  }

  private void pass(int seconds) {
    loop.advanceTimeBy(seconds, TimeUnit.SECONDS);
    loop.runScheduledPendingTasks();
  }

  private final class CookieJar implements RelaySocket {
    @Override
    public void send(ByteBuf payload, InetSocketAddress peer) {
      byte[] datagram = ByteBufUtil.getBytes(payload);
      payload.release();
      cookies.add(ByteBufUtil.hexDump(datagram, COOKIE_OFFSET, datagram.length - COOKIE_OFFSET));
    }

    @Override
    public void sendUnfragmented(ByteBuf payload, InetSocketAddress peer) {
      send(payload, peer);
    }

    @Override
    public void close() {}
  }
}
