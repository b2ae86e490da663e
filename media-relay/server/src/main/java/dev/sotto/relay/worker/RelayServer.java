package dev.sotto.relay.worker;

import dev.sotto.media.ice.AddressMappingSource;
import dev.sotto.media.ice.LocalCandidate;
import dev.sotto.media.srtp.SrtpProvider;
import dev.sotto.media.srtp.SrtpTransforms;
import dev.sotto.relay.conference.ConferenceListener;
import dev.sotto.relay.conference.ConferenceReport;
import dev.sotto.relay.control.ConferenceAnswer;
import dev.sotto.relay.control.ConferenceControl;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.nat.MappingSearch;
import dev.sotto.relay.nat.StunMappings;
import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.statistics.LoopLag;
import dev.sotto.relay.transport.Handshakes;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The media relay: workers, and the table of which conference is on which. A conference goes to the
 * worker with the least to do and stays there. Safe to use from any thread; no call blocks but
 * {@link #drain} and {@link #close}.
 */
public final class RelayServer implements ConferenceControl, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RelayServer.class);

  private static final Executor ANSWERS =
      task -> Thread.ofVirtual().name("relay-answer").start(task);

  /** How long a start waits for a STUN server. */
  private static final Duration MAPPING_PATIENCE = Duration.ofSeconds(2);

  private static final Duration MAPPING_PAUSE = Duration.ofSeconds(30);

  private final EventLoopGroup loops;
  private final List<Worker> workers = new ArrayList<>();
  private final ConcurrentHashMap<String, Placement> placements = new ConcurrentHashMap<>();
  private final Handshakes handshakes;
  private final CompletableFuture<Void> empty = new CompletableFuture<>();
  private Optional<MappingSearch> mappings = Optional.empty();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * How to refuse what no worker has looked at yet, by order: a loop that ends may drop a task that
   * it has taken, and says so to nobody.
   */
  private final ConcurrentHashMap<Long, Runnable> refusals = new ConcurrentHashMap<>();

  private final AtomicLong asked = new AtomicLong();

  private volatile boolean draining;
  private volatile boolean ended;

  /** Which worker a conference is on, or will be if a request that is under way succeeds. */
  private record Placement(Worker worker, int pending) {}

  private RelayServer(
      RelaySettings settings,
      SecureRandom random,
      Clock clock,
      LongSupplier nanoClock,
      ConferenceListener listener) {
    loops = Kernel.newLoops(settings.workers());
    handshakes = new Handshakes(settings.handshakes());
    SrtpTransforms srtp = SrtpTransforms.with(SrtpProvider.AUTOMATIC);
    LOG.info("SRTP by {}", srtp.description());
    Worker.SharedParts shared = new Worker.SharedParts(srtp, handshakes, random, clock, nanoClock);
    try {
      for (int i = 0; i < settings.workers(); i++) {
        int port = settings.firstPort() == 0 ? 0 : settings.firstPort() + i;
        workers.add(new Worker(loops.next(), settings, port, shared, listener));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    workers.forEach(worker -> worker.conferences().onGone(this::onGone));
    workers.forEach(Worker::start);
    if (settings.publicAddress().isEmpty() && !settings.stunServers().isEmpty()) {
      mappings =
          Optional.of(
              learnMappings(new StunMappings(settings.listenAddresses(), settings.stunServers())));
    }
  }

  /** Waits a little, so that the first conference already has the public address as a rule. */
  private MappingSearch learnMappings(AddressMappingSource source) {
    MappingSearch search =
        MappingSearch.start(
            source, MAPPING_PAUSE, learned -> workers.forEach(worker -> worker.map(learned)));
    try {
      search.awaitFirst(MAPPING_PATIENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return search;
  }

  /**
   * Binds the ports and begins to answer.
   *
   * @throws RelayException when a port cannot be bound
   */
  public static RelayServer start(
      RelaySettings settings, SecureRandom random, Clock clock, ConferenceListener listener) {
    return start(settings, random, clock, System::nanoTime, listener);
  }

  /**
   * The same with another clock.
   *
   * @param clock for certificates
   * @param nanoClock monotonic, for all else
   */
  public static RelayServer start(
      RelaySettings settings,
      SecureRandom random,
      Clock clock,
      LongSupplier nanoClock,
      ConferenceListener listener) {
    return new RelayServer(settings, random, clock, nanoClock, listener);
  }

  /** The answer comes on a thread of its own, since the worker's has packets to send. */
  @Override
  public CompletionStage<ConferenceAnswer> apply(ConferenceRequest request) {
    String id = request.conferenceId();
    Worker worker = placements.compute(id, (_, held) -> place(held)).worker;
    CompletableFuture<ConferenceAnswer> answer = new CompletableFuture<>();
    ask(
        worker,
        () -> carryOut(request, worker, answer),
        () ->
            answer.completeExceptionally(
                new ControlException(ErrorCode.DRAINING, "the relay has stopped; use another")));
    return answer;
  }

  /** Has a worker see to a task that answers, or refuses when the worker no longer can. */
  private void ask(Worker worker, Runnable task, Runnable refusal) {
    Long number = asked.incrementAndGet();
    refusals.put(number, refusal);
    try {
      worker.execute(() -> {
        refusals.remove(number);
        task.run();
      });
    } catch (RejectedExecutionException _) {
      // Refused below, or by close() in a moment.
    }
    if (ended) {
      refuseUnanswered();
    }
  }

  /** To be called when the loops have ended, and for what comes after that. */
  private void refuseUnanswered() {
    placements.clear();
    for (Long number : refusals.keySet()) {
      Optional.ofNullable(refusals.remove(number)).ifPresent(Runnable::run);
    }
  }

  private Placement place(Placement held) {
    Worker worker = held == null ? leastLoaded() : held.worker;
    worker.promise();
    return new Placement(worker, held == null ? 1 : held.pending + 1);
  }

  private void carryOut(
      ConferenceRequest request, Worker worker, CompletableFuture<ConferenceAnswer> answer) {
    String id = request.conferenceId();
    Runnable completion;
    try {
      ConferenceAnswer made = worker.conferences().apply(request, worker.nowNanos());
      completion = () -> answer.complete(made);
    } catch (ControlException e) {
      completion = () -> answer.completeExceptionally(e);
    } catch (RuntimeException e) {
      LOG.error("A request of conference {} failed", id, e);
      completion = () -> answer.completeExceptionally(e);
    }
    worker.weigh();
    settle(id, worker, worker.conferences().holds(id));
    ANSWERS.execute(completion);
  }

  /** A request is through: its conference has its worker for as long as it is held there. */
  private void settle(String id, Worker worker, boolean held) {
    worker.keepPromise();
    placements.computeIfPresent(
        id,
        (_, placement) -> {
          int pending = placement.pending - 1;
          return held || pending > 0 ? new Placement(placement.worker, pending) : null;
        });
    checkEmpty();
  }

  private void onGone(String id) {
    placements.computeIfPresent(id, (_, placement) -> placement.pending > 0 ? placement : null);
    checkEmpty();
  }

  private void checkEmpty() {
    if (draining && placements.isEmpty()) {
      empty.complete(null);
    }
  }

  private Worker leastLoaded() {
    return workers.stream().min(Comparator.comparingInt(Worker::load)).orElseThrow();
  }

  /** The conferences that are held, or just being made. */
  public List<String> conferenceIds() {
    return List.copyOf(placements.keySet());
  }

  /** What there is to know of a conference for people; empty when it is not here. */
  public CompletionStage<Optional<ConferenceReport>> report(String conferenceId) {
    Placement placement = placements.get(conferenceId);
    CompletableFuture<Optional<ConferenceReport>> report = new CompletableFuture<>();
    if (placement == null) {
      report.complete(Optional.empty());
      return report;
    }
    Worker worker = placement.worker;
    ask(
        worker,
        () -> {
          try {
            Optional<ConferenceReport> made = worker.conferences().report(conferenceId);
            report.completeAsync(() -> made, ANSWERS);
          } catch (RuntimeException e) {
            report.completeExceptionally(e);
          }
        },
        () -> report.complete(Optional.empty()));
    return report;
  }

  /** The counters of each worker. */
  public List<Counters> counters() {
    return workers.stream().map(Worker::counters).toList();
  }

  /** The lag of each worker's loop. */
  public List<LoopLag> lags() {
    return workers.stream().map(Worker::lag).toList();
  }

  /** Endpoints and conferences together, of each worker. */
  public List<Integer> loads() {
    return workers.stream().map(Worker::load).toList();
  }

  public int runningHandshakes() {
    return handshakes.running();
  }

  /** Where media is received: own addresses, and those by which candidates name them. */
  public List<InetSocketAddress> addresses() {
    return workers.stream()
        .flatMap(worker ->
            Stream.concat(
                worker.bound().stream(), worker.candidates().stream().map(LocalCandidate::address)))
        .distinct()
        .toList();
  }

  public boolean isDraining() {
    return draining;
  }

  /** Takes no new conferences from now on, and waits until those held have ended. */
  public void drain(Duration deadline) throws InterruptedException {
    // In this order: who sees that it drains has requests carried out by workers that know.
    try {
      workers.forEach(worker -> worker.execute(worker.conferences()::setDraining));
    } catch (RejectedExecutionException _) {
      return; // closed, which is more
    }
    draining = true;
    checkEmpty();
    try {
      empty.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (java.util.concurrent.TimeoutException _) {
      LOG.info("Stopping with {} conferences, after {}", placements.size(), deadline);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    mappings.ifPresent(MappingSearch::close);
    workers.forEach(Worker::close);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    ended = true;
    refuseUnanswered();
    empty.complete(null);
  }
}
