package dev.sotto.turn.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.testkit.TestTls;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TlsContextTest {

  /** On the virtual clock of an embedded event loop. */
  @Test
  void a_client_that_does_not_finish_its_handshake_in_ten_seconds_is_cut_off() throws Exception {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    channel
        .pipeline()
        .addLast(new TlsContext(new TestTls().identity()).newHandler(channel.alloc()));

    channel.advanceTimeBy(9_999, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isTrue();

    channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    channel.releaseOutbound();
  }
}
