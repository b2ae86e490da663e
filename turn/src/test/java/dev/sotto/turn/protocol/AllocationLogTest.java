package dev.sotto.turn.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sotto.turn.EphemeralCredentials;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.World;
import dev.sotto.turn.testkit.World.Relayed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("One log line when an allocation starts and one when it ends")
class AllocationLogTest {
  private static final InetSocketAddress PEER =
      new InetSocketAddress(InetAddress.ofLiteral("9.9.9.9"), 7000);

  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.sotto.turn.allocations");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final World world = new World();
  private final TurnClient alice = world.client(4000);

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  @Test
  void they_name_user_transport_addresses_and_what_came_of_it() {
    InetSocketAddress relay = alice.allocate();
    Relayed relayed = world.relayed(relay);
    alice.permit(PEER);
    alice.sendTo(PEER, "12345");
    relayed.receive(PEER, "123");
    world.passSeconds(7);
    alice.refresh(0);
    assertThat(lines())
        .containsExactly(
            "allocation started user=alice transport=udp client=192.0.2.10:4000 relayed=198.51.100.1:"
                + relay.getPort(),
            "allocation ended user=alice transport=udp client=192.0.2.10:4000 relayed=198.51.100.1:"
                + relay.getPort()
                + " reason=deleted seconds=7 bytes-to-peers=5 bytes-to-client=3");
  }

  @Test
  void the_end_says_whether_time_the_client_or_the_server_ended_it() {
    alice.allocate();
    world.passSeconds(600);
    alice.allocate();
    world.worker.onLinkClosed(world.link());
    alice.allocate();
    world.worker.shutDown();
    assertThat(lines())
        .filteredOn(line -> line.startsWith("allocation ended"))
        .satisfiesExactly(
            line -> assertThat(line).contains(" reason=expired "),
            line -> assertThat(line).contains(" reason=client-gone "),
            line -> assertThat(line).contains(" reason=shutdown "));
  }

  @Test
  void a_user_cannot_fake_a_line_or_a_field_nor_fill_the_log() {
    String name = "x reason=deleted\nallocation started user=root \u202e" + "y".repeat(500);
    EphemeralCredentials.Issued issued =
        new EphemeralCredentials(World.SECRET, world.clock).issue(name, Duration.ofHours(1));
    alice.as(issued.username(), issued.password()).allocate();
    assertThat(lines())
        .singleElement()
        .asString()
        .matches("allocation started user=[!-~&&[^=]]{1,80} transport=udp client=\\S+ relayed=\\S+")
        .hasSizeLessThan(200);
  }

  private List<String> lines() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
