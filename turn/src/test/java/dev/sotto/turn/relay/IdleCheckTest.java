package dev.sotto.turn.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.ClientTransport;
import dev.sotto.turn.auth.Credential;
import dev.sotto.turn.stun.StunMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the virtual clock of an embedded event loop. */
class IdleCheckTest {
  private static final String ALLOCATE = "00030000" + "2112a442" + "00".repeat(12);

  private final EmbeddedChannel loop = new EmbeddedChannel();
  private final Link link = new Link();
  private int ended;
  private final IdleCheck idle =
      new IdleCheck(loop.eventLoop(), Duration.ofSeconds(30), link, () -> ended++);

  @BeforeEach
  void start() {
    loop.freezeTime();
    idle.start();
  }

  @AfterEach
  void close() {
    loop.finishAndReleaseAll();
  }

  @Test
  void ends_what_has_had_no_allocation_at_two_looks_and_only_once() {
    assertThat(endsAfterSeconds(59)).isZero();
    assertThat(endsAfterSeconds(1)).isOne();
    assertThat(endsAfterSeconds(600)).isOne();
  }

  @Test
  void who_has_an_allocation_may_stay_and_has_time_for_another_when_it_is_over() {
    link.allocations().put(new InetSocketAddress(0), allocation());
    assertThat(endsAfterSeconds(3600)).isZero();

    link.allocations().clear();
    assertThat(endsAfterSeconds(30)).isZero();
    link.allocations().put(new InetSocketAddress(0), allocation());
    assertThat(endsAfterSeconds(60)).isZero();

    link.allocations().clear();
    assertThat(endsAfterSeconds(60)).isOne();
  }

  @Test
  void nothing_is_kept_of_a_connection_that_is_gone() {
    idle.stop();

    assertThat(loop.hasPendingTasks()).isFalse();
    assertThat(endsAfterSeconds(60)).isZero();
  }

  private int endsAfterSeconds(int seconds) {
    for (int second = 0; second < seconds; second++) {
      loop.advanceTimeBy(1, TimeUnit.SECONDS);
      loop.runScheduledPendingTasks();
    }
    return ended;
  }

  private Allocation allocation() {
    StunMessage request = new StunMessage();
    request.wrap(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(ALLOCATE)));
    Credential credential = new Credential("alice", "alice", "wonderland");
    return new Allocation(link, new InetSocketAddress(0), credential, request, new Quotas(1, 1), 0);
  }

  private static final class Link extends ClientLink {
    @Override
    public ClientTransport transport() {
      return ClientTransport.TCP;
    }

    @Override
    public void send(ByteBuf message, InetSocketAddress client) {
      message.release();
    }
  }
}
