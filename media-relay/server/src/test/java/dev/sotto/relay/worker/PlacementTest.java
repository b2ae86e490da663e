package dev.sotto.relay.worker;

import static dev.sotto.relay.testkit.RelayWorld.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.relay.control.ConferenceAnswer;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.ConferenceRequest.Action;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.testkit.Logged;
import dev.sotto.relay.testkit.RelayWorld;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which worker a conference is on. */
class PlacementTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 400;
  private static final int IDS = 5;
  private static final List<Action> ACTIONS = List.of(Action.CREATE, Action.MODIFY, Action.EXPIRE);

  private final RelayWorld world = new RelayWorld(2);
  private final Logged logged = new Logged();

  @AfterEach
  void stop() {
    logged.close();
    world.close();
    assertThat(logged.lines()).isEmpty();
  }

  private CompletableFuture<ConferenceAnswer> ask(String id, Action action) {
    return world
        .relay()
        .apply(new ConferenceRequest(id, action, Optional.empty(), List.of()))
        .toCompletableFuture();
  }

  @Test
  void conferences_that_come_all_at_once_are_spread() {
    List<CompletableFuture<ConferenceAnswer>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      answers.add(ask("c" + i, Action.CREATE));
    }
    answers.forEach(CompletableFuture::join);
    await("all are weighed", () -> world.relay().loads().stream().mapToInt(n -> n).sum() == 100);
    assertThat(world.relay().loads()).allMatch(load -> load >= 40 && load <= 60);
  }

  @Test
  void who_creates_and_expires_at_once_gets_answers_and_no_conference_is_held_twice()
      throws InterruptedException {
    Queue<CompletableFuture<ConferenceAnswer>> answers = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      Random random = new Random(t);
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                  Action action = ACTIONS.get(random.nextInt(ACTIONS.size()));
                  CompletableFuture<ConferenceAnswer> answer =
                      ask("c" + random.nextInt(IDS), action);
                  answers.add(answer);
                  if (random.nextInt(4) == 0) {
                    var _ = answer.handle((_, _) -> true).join();
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long created = 0;
    for (CompletableFuture<ConferenceAnswer> answer : answers) {
      created += codeOf(answer).isEmpty() ? 1 : 0;
    }
    assertThat(created).isPositive();
    assertThat(answers).hasSize(THREADS * ROUNDS);
    // Held once each, so expiring what is listed leaves nothing on any worker.
    List<String> held = world.relay().conferenceIds();
    assertThat(held).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(IDS);
    await("as many as listed", () -> sum(world.relay().loads()) == held.size());
    held.forEach(world::expire);
    await("none is left", () -> sum(world.relay().loads()) == 0);
    assertThat(world.relay().conferenceIds()).isEmpty();
  }

  private static int sum(List<Integer> loads) {
    return loads.stream().mapToInt(n -> n).sum();
  }

  /** The code of a refusal; any other end of a request is a failure. */
  private static Optional<ErrorCode> codeOf(CompletableFuture<ConferenceAnswer> answer) {
    try {
      var _ = answer.orTimeout(20, TimeUnit.SECONDS).join();
      return Optional.empty();
    } catch (CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(ControlException.class);
      return Optional.of(((ControlException) e.getCause()).code());
    }
  }

  @Test
  void what_is_refused_leaves_no_place_behind() {
    for (Action action : List.of(Action.MODIFY, Action.EXPIRE)) {
      assertThat(codeOf(ask("nowhere", action))).contains(ErrorCode.CONFERENCE_NOT_FOUND);
    }
    assertThat(world.relay().conferenceIds()).isEmpty();
    await("nothing is promised", () -> sum(world.relay().loads()) == 0);
  }

  @Test
  void an_answer_does_not_keep_the_worker_from_its_packets() {
    String thread =
        ask("c", Action.CREATE).thenApply(_ -> Thread.currentThread().toString()).join();
    assertThat(thread).doesNotContain("relay-0").doesNotContain("relay-1-");
  }

  @Test
  void a_relay_that_is_closed_refuses_and_can_be_closed_again() {
    world.create("c");
    world.relay().close();
    world.relay().close();
    assertThat(codeOf(ask("c", Action.MODIFY))).contains(ErrorCode.DRAINING);
    assertThat(codeOf(ask("d", Action.CREATE))).contains(ErrorCode.DRAINING);
    assertThat(world.relay().conferenceIds()).isEmpty();
    assertThat(world.relay().report("c").toCompletableFuture().join()).isEmpty();
  }

  @Test
  void a_port_that_is_taken_ends_the_start_and_frees_the_others() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (DatagramChannel taken = DatagramChannel.open()) {
      int first = bindSecondOfTwoFreePorts(taken, loopback);
      RelaySettings settings = RelaySettings.on(List.of(loopback), first, 2);
      assertThatThrownBy(() ->
              RelayServer.start(settings, new SecureRandom(), Clock.systemUTC(), RelayWorld.DEAF))
          .isInstanceOf(RelayException.class)
          .hasMessageContaining("port " + (first + 1));
      try (DatagramChannel free = DatagramChannel.open()) {
        free.bind(new InetSocketAddress(loopback, first));
      }
    }
  }

  private static int bindSecondOfTwoFreePorts(DatagramChannel second, InetAddress loopback)
      throws java.io.IOException {
    second.bind(new InetSocketAddress(loopback, 0));
    return ((InetSocketAddress) second.getLocalAddress()).getPort() - 1;
  }
}
