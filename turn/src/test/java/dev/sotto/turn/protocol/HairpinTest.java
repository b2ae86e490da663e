package dev.sotto.turn.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.protocol.TransportCounters.Counter;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.World;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName(
    "RFC 4787 section 6: clients of one server reach each other without a socket in between")
class HairpinTest {
  private static final int CHANNEL = 0x4000;

  private final World world = new World();
  private final TurnClient alice = world.client(4000);
  private final TurnClient bob = world.client(4001).as("bob", "builder");
  private InetSocketAddress ofAlice;
  private InetSocketAddress ofBob;

  @BeforeEach
  void allocate() {
    ofAlice = alice.allocate();
    ofBob = bob.allocate();
    alice.permit(ofBob);
  }

  @Test
  void data_comes_from_the_senders_relayed_address_and_passes_no_relayed_socket() {
    bob.permit(ofAlice);

    alice.sendTo(ofBob, "hello bob");

    assertThat(bob.expectDataFrom(ofAlice)).isEqualTo("hello bob");
    assertThat(world.relayed(ofAlice).sent).isEmpty();
    bob.bind(CHANNEL, ofAlice);
    bob.sendOn(CHANNEL, "hello alice");
    assertThat(alice.expectDataFrom(ofBob)).isEqualTo("hello alice");
    alice.sendTo(ofBob, "on your channel");
    assertThat(bob.expectDataOn(CHANNEL)).isEqualTo("on your channel");
  }

  @Test
  void data_of_no_bytes_arrives_too() {
    bob.permit(ofAlice);
    alice.sendTo(ofBob, "");
    assertThat(bob.expectDataFrom(ofAlice)).isEmpty();
  }

  @Test
  void who_has_given_no_permission_hears_nothing() {
    alice.sendTo(ofBob, "spam");
    bob.expectSilenceBefore();
    assertThat(world.dropped(DropReason.NO_PERMISSION)).isEqualTo(1);
  }

  @Test
  void an_allocation_that_has_ended_is_reached_no_more() {
    bob.permit(ofAlice);
    bob.refresh(0);
    alice.sendTo(ofBob, "too late");
    bob.expectSilenceBefore();
    assertThat(world.dropped(DropReason.PEER_REFUSED)).isEqualTo(1);
  }

  @Test
  void what_a_busy_event_loop_cannot_take_is_dropped_and_counted() {
    bob.permit(ofAlice);
    world.inboxFull = true;
    alice.sendTo(ofBob, "lost");
    world.inboxFull = false;
    bob.expectSilenceBefore();
    assertThat(world.dropped(DropReason.SEND_QUEUE_FULL)).isEqualTo(1);
  }

  @Test
  void both_sides_count_what_they_relay() {
    bob.permit(ofAlice);
    alice.sendTo(ofBob, "12345");
    bob.expectDataFrom(ofAlice);
    assertThat(world.counted(Counter.BYTES_TO_PEERS)).isEqualTo(5);
    assertThat(world.counted(Counter.BYTES_TO_CLIENTS)).isEqualTo(5);
  }
}
