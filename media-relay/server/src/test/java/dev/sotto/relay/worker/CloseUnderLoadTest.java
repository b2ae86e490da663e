package dev.sotto.relay.worker;

import static dev.sotto.relay.testkit.RelayWorld.audio;
import static dev.sotto.relay.testkit.RelayWorld.await;
import static dev.sotto.relay.testkit.RelayWorld.talk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.control.ConferenceAnswer;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.ConferenceRequest.Action;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.DtlsSetup;
import dev.sotto.relay.control.LocalTransport;
import dev.sotto.relay.testkit.Logged;
import dev.sotto.relay.testkit.Peer;
import dev.sotto.relay.testkit.RelayWorld;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The relay ends while media, requests and handshakes are under way. */
class CloseUnderLoadTest {
  private static final int ROUNDS = 3;
  private static final List<Action> CYCLE = List.of(Action.CREATE, Action.MODIFY, Action.EXPIRE);

  private final Queue<String> uncaught = new ConcurrentLinkedQueue<>();
  private final Thread.UncaughtExceptionHandler before =
      Thread.getDefaultUncaughtExceptionHandler();

  @BeforeEach
  void listen() {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, fault) -> uncaught.add(thread.getName() + ": " + fault));
  }

  @AfterEach
  void stopListening() {
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  @Test
  void nothing_leaks_nothing_is_logged_and_every_request_is_answered() throws Exception {
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    try (Logged logged = new Logged()) {
      for (int i = 0; i < ROUNDS; i++) {
        closeInTheMiddle();
      }
      // Leaks are found when their buffer is collected and another is made.
      for (int i = 0; i < 3; i++) {
        System.gc();
        try (RelayWorld another = new RelayWorld(1)) {
          another.create("c");
        }
      }
      assertThat(logged.lines()).isEmpty();
    }
    assertThat(uncaught).isEmpty();
  }

  private void closeInTheMiddle() throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    Queue<CompletableFuture<ConferenceAnswer>> answers = new ConcurrentLinkedQueue<>();
    try (RelayWorld world = new RelayWorld(2)) {
      world.create("c");
      Peer alice = world.join("c", "alice", 1001);
      Peer bob = world.join("c", "bob", 2001);
      assertThat(talk(alice, 1001, 1, bob)).isPositive();
      // Handshakes that will not have ended.
      for (int i = 0; i < 10; i++) {
        Peer silent = world.peer();
        LocalTransport its =
            world.invite(
                "c", "silent" + i, silent.fingerprint(), DtlsSetup.PASSIVE, silent, 5000 + i);
        silent.check(its);
        assertThat(silent.isNominated()).isTrue();
      }
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; !over.get(); i++) {
                  alice.sendRtp(audio(1001, 1000 + i));
                }
              }));
      for (int t = 0; t < 2; t++) {
        String id = "r" + t;
        threads.add(Thread.ofPlatform().start(() -> ask(world, id, over, answers)));
      }
      await("all of it is under way", () -> answers.size() > 200);
      world.relay().close();
      int sofar = answers.size();
      await("requests still come", () -> answers.size() > sofar + 10);
      over.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(world.relay().conferenceIds()).isEmpty();
    }
    answers.forEach(CloseUnderLoadTest::expectAnswer);
  }

  private static void ask(
      RelayWorld world,
      String id,
      AtomicBoolean over,
      Queue<CompletableFuture<ConferenceAnswer>> answers) {
    for (int i = 0; !over.get(); i++) {
      CompletableFuture<ConferenceAnswer> answer =
          world
              .relay()
              .apply(
                  new ConferenceRequest(
                      id, CYCLE.get(i % CYCLE.size()), Optional.empty(), List.of()))
              .toCompletableFuture();
      answers.add(answer);
      if (i % 8 == 0) {
        var _ = answer.handle((_, _) -> true).join();
      }
    }
  }

  private static void expectAnswer(CompletableFuture<ConferenceAnswer> answer) {
    Throwable refusal = answer.orTimeout(20, TimeUnit.SECONDS).handle((_, why) -> why).join();
    if (refusal != null) {
      assertThat(refusal).isInstanceOf(ControlException.class);
    }
  }
}
