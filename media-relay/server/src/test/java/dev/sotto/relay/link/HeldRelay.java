package dev.sotto.relay.link;

import dev.sotto.relay.colibri.TestRelay;
import dev.sotto.relay.control.ConferenceAnswer;
import dev.sotto.relay.control.ConferenceControl;
import dev.sotto.relay.control.ConferenceRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** A relay without media, which carries requests out on a thread of its own as a real one does. */
final class HeldRelay implements ConferenceControl, AutoCloseable {
  private final TestRelay relay = new TestRelay();
  private final ExecutorService owner = Executors.newSingleThreadExecutor();
  private volatile List<String> conferenceIds = List.of();
  private volatile boolean draining;
  private volatile boolean asked;
  private final Semaphore gate = new Semaphore(1);

  @Override
  public CompletionStage<ConferenceAnswer> apply(ConferenceRequest request) {
    asked = true;
    return CompletableFuture.supplyAsync(
            () -> {
              gate.acquireUninterruptibly();
              gate.release();
              CompletionStage<ConferenceAnswer> answer = relay.apply(request);
              conferenceIds = relay.directory.conferenceIds();
              return answer;
            },
            owner)
        .thenCompose(answer -> answer);
  }

  /** From now on requests wait. */
  void hold() {
    gate.drainPermits();
    asked = false;
  }

  void release() {
    gate.release();
  }

  boolean isAsked() {
    return asked;
  }

  RelayStatus status() {
    return new RelayStatus(0.25, draining, 0, conferenceIds);
  }

  void drain() {
    CompletableFuture.runAsync(() -> relay.directory.setDraining(true), owner).join();
    draining = true;
  }

  /** What it holds, as others see it. */
  List<String> conferenceIds() {
    return conferenceIds;
  }

  @Override
  public void close() {
    owner.shutdownNow();
  }
}
