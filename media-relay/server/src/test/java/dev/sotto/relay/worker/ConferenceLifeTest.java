package dev.sotto.relay.worker;

import static dev.sotto.relay.testkit.RelayWorld.audio;
import static dev.sotto.relay.testkit.RelayWorld.await;
import static dev.sotto.relay.testkit.RelayWorld.talk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.EndpointChange;
import dev.sotto.relay.control.EndpointSettings;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.control.ForcedMute;
import dev.sotto.relay.control.LocalTransport;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.DropReason;
import dev.sotto.relay.testkit.Logged;
import dev.sotto.relay.testkit.Peer;
import dev.sotto.relay.testkit.RelayWorld;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConferenceLifeTest {
  private static final int ALICE = 1001;
  private static final int BOB = 2001;
  private static final int IDLE_SECONDS = 60;
  private static final int UNFINISHED = 10_000;
  private static final int CONFERENCES = 100;

  /** Queues, maps and numbers of one endpoint that has nothing yet. */
  private static final long MOST_BYTES_PER_ENDPOINT = 128 << 10;

  private final RelayWorld world = new RelayWorld(1);
  private final Logged logged = new Logged();

  @AfterEach
  void stop() {
    logged.close();
    world.close();
    assertThat(logged.lines()).isEmpty();
  }

  private static ErrorCode codeOf(Throwable thrown) {
    return ((ControlException) thrown.getCause()).code();
  }

  @Test
  void a_conference_that_is_idle_for_a_minute_expires_and_is_held_nowhere() {
    world.create("c");
    world.pass(IDLE_SECONDS - 2);
    world.poke("c");
    assertThat(world.relay().conferenceIds()).containsExactly("c");
    world.pass(3);
    world.poke("c");
    await("its place is free", () -> world.relay().conferenceIds().isEmpty());
    await("nothing is held", () -> world.relay().loads().equals(List.of(0)));
    world.create("c");
    assertThat(world.relay().conferenceIds()).containsExactly("c");
  }

  @Test
  void people_who_are_connected_and_silent_are_not_thrown_out() throws InterruptedException {
    world.create("c");
    Peer alice = world.peer();
    LocalTransport transport = world.invite("c", "alice", alice, ALICE);
    alice.connect(transport);
    for (int i = 0; i < 8; i++) {
      world.pass(IDLE_SECONDS / 3);
      long answered = world.counted(Counter.STUN_CHECKS_ANSWERED);
      alice.check(transport); // which is all that a silent one sends
      await("answered", () -> world.counted(Counter.STUN_CHECKS_ANSWERED) > answered);
      world.poke("c");
      assertThat(world.relay().conferenceIds()).containsExactly("c");
    }
    world.pass(31);
    world.poke("c");
    world.pass(IDLE_SECONDS);
    world.poke("c");
    await("gone with the last", () -> world.relay().conferenceIds().isEmpty());
  }

  @Test
  void ten_thousand_endpoints_that_never_connect_cost_little_and_go_with_their_conference() {
    long before = usedHeap();
    for (int i = 0; i < CONFERENCES; i++) {
      world.create("c" + i);
    }
    for (int i = 0; i < UNFINISHED; i++) {
      var _ =
          world.modify(
              "c" + i % CONFERENCES, new EndpointChange.Create("e" + i, EndpointSettings.NONE));
    }
    assertThat(world.relay().loads()).containsExactly(UNFINISHED + CONFERENCES);
    assertThat((usedHeap() - before) / UNFINISHED).isLessThan(MOST_BYTES_PER_ENDPOINT);
    assertThat(world.relay().runningHandshakes()).isZero();

    world.pass(IDLE_SECONDS + 1);
    world.poke("c0");
    await("all are gone", () -> world.relay().conferenceIds().isEmpty());
    await("nothing is held", () -> world.relay().loads().equals(List.of(0)));
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void what_the_focus_has_muted_is_dropped_until_it_says_otherwise() throws InterruptedException {
    world.create("c");
    Peer alice = world.join("c", "alice", ALICE);
    Peer bob = world.join("c", "bob", BOB);
    assertThat(talk(alice, ALICE, 1, bob)).isPositive();
    mute("alice", true);
    long forwarded = world.counted(Counter.RTP_PACKETS_FORWARDED);
    for (int i = 0; i < 20; i++) {
      alice.sendRtp(audio(ALICE, 300 + i));
    }
    await("dropped", () -> world.dropped(DropReason.FORCE_MUTED) == 20);
    assertThat(world.counted(Counter.RTP_PACKETS_FORWARDED)).isEqualTo(forwarded);
    assertThat(talk(bob, BOB, 1, alice)).isPositive();
    mute("alice", false);
    assertThat(talk(alice, ALICE, 400, bob)).isPositive();
  }

  private void mute(String id, boolean audio) {
    EndpointSettings none = EndpointSettings.NONE;
    var _ =
        world.modify(
            "c",
            new EndpointChange.Modify(
                id,
                new EndpointSettings(
                    none.transport(),
                    none.media(),
                    none.sources(),
                    Optional.of(new ForcedMute(audio, false)),
                    none.slots(),
                    none.constraints())));
  }

  @Test
  void who_drains_takes_no_new_conferences_and_waits_for_the_last_one() throws Exception {
    world.create("c");
    Peer alice = world.join("c", "alice", ALICE);
    Peer bob = world.join("c", "bob", BOB);
    CountDownLatch drained = new CountDownLatch(1);
    Thread draining =
        Thread.ofVirtual()
            .start(() -> {
              try {
                world.relay().drain(Duration.ofMinutes(5));
                drained.countDown();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    await("it drains", world.relay()::isDraining);
    await("it refuses", this::isRefusedByDraining);
    assertThat(talk(alice, ALICE, 1, bob)).isPositive();
    var _ = world.join("c", "carol", 3001); // those held go on, and grow
    assertThat(drained.getCount()).isEqualTo(1);
    world.expire("c");
    assertThat(drained.await(20, TimeUnit.SECONDS)).isTrue();
    draining.join();
    assertThat(world.relay().conferenceIds()).isEmpty();
  }

  private boolean isRefusedByDraining() {
    assertThatThrownBy(() -> world.create("d"))
        .extracting(ConferenceLifeTest::codeOf)
        .isEqualTo(ErrorCode.DRAINING);
    return true;
  }

  @Test
  void draining_ends_at_its_deadline_and_by_expiry_of_the_last_idle_one() throws Exception {
    world.create("c");
    world.relay().drain(Duration.ofMillis(1));
    assertThat(world.relay().conferenceIds()).containsExactly("c");
    world.pass(IDLE_SECONDS + 1);
    world.poke("c");
    world.relay().drain(Duration.ofSeconds(20));
    assertThat(world.relay().conferenceIds()).isEmpty();
  }
}
