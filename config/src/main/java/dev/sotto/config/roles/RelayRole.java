package dev.sotto.config.roles;

import com.sun.management.OperatingSystemMXBean;
import dev.sotto.config.Json;
import dev.sotto.config.management.ManagementResource;
import dev.sotto.config.management.ManagementResource.Answer;
import dev.sotto.relay.colibri.RestAnswer;
import dev.sotto.relay.colibri.RestControl;
import dev.sotto.relay.conference.ConferenceReport;
import dev.sotto.relay.link.RelayLink;
import dev.sotto.relay.link.RelayStatus;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.statistics.DropReason;
import dev.sotto.relay.statistics.LoopLag;
import dev.sotto.relay.worker.RelayServer;
import dev.sotto.relay.worker.Stress;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The media relay as a role of this process. */
final class RelayRole implements RunningRelay {

  private static final String WORKER = "worker";
  private static final String DEBUG_PATH = "/debug/conferences";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;

  private final RelayServer server;
  private final String host;
  private final RestControl rest;
  private final Stress stress;
  private final AtomicBoolean closed = new AtomicBoolean();
  private Optional<RelayLink> link = Optional.empty();

  RelayRole(RelayServer server, String host) {
    this.server = server;
    this.host = host;
    this.rest = new RestControl(server);
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    stress =
        new Stress(
            system::getProcessCpuLoad,
            this::packets,
            (double) Stress.PACKETS_PER_WORKER * server.counters().size(),
            System.nanoTime());
  }

  private long packets() {
    long packets = 0;
    for (Counters counters : server.counters()) {
      packets += counters.value(Counter.PACKETS_RECEIVED) + counters.value(Counter.PACKETS_SENT);
    }
    return packets;
  }

  /** Takes the connection over which it is commanded, to be closed with it. */
  void linkedBy(RelayLink newLink) {
    link = Optional.of(newLink);
  }

  /** What the focus is told. */
  RelayStatus status() {
    List<String> conferences = server.conferenceIds();
    int load = server.loads().stream().mapToInt(Integer::intValue).sum();
    return new RelayStatus(
        stress.measure(System.nanoTime()),
        server.isDraining(),
        Math.max(0, load - conferences.size()),
        conferences);
  }

  @Override
  public String name() {
    return "relay";
  }

  @Override
  public int port() {
    return server.addresses().getFirst().getPort();
  }

  @Override
  public List<InetSocketAddress> mediaAddresses() {
    return server.addresses();
  }

  @Override
  public String uri() {
    return "udp://" + host + ":" + port();
  }

  @Override
  public boolean ready() {
    return !closed.get();
  }

  @Override
  public List<ManagementResource> resources() {
    return List.of(
        new ManagementResource(RestControl.PATH, RestControl.MAX_BODY_BYTES, this::control),
        new ManagementResource(DEBUG_PATH, 0, this::debug));
  }

  private Answer control(String method, String path, byte[] body) {
    RestAnswer answer = rest.handle(method, path, body).toCompletableFuture().join();
    return new Answer(answer.status(), answer.body(), answer.allow());
  }

  private Answer debug(String method, String path, byte[] body) {
    if (!method.equals("GET")) {
      return new Answer(METHOD_NOT_ALLOWED, "{}", "GET");
    }
    String below = path.substring(DEBUG_PATH.length());
    if (below.isEmpty() || below.equals("/")) {
      return new Answer(OK, Json.write(Map.of("conferences", server.conferenceIds())), "");
    }
    String id = URLDecoder.decode(below.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
    Optional<ConferenceReport> report = server.report(id).toCompletableFuture().join();
    return report
        .map(found -> new Answer(OK, Json.write(RelayReports.of(found)), ""))
        .orElseGet(() -> new Answer(NOT_FOUND, "{}", ""));
  }

  @Override
  public void registerMetrics(MeterRegistry registry) {
    Gauge.builder("sotto.relay.conferences", server, s -> s.conferenceIds().size())
        .strongReference(true)
        .register(registry);
    Gauge.builder("sotto.relay.stress", stress, s -> s.measure(System.nanoTime()))
        .strongReference(true)
        .register(registry);
    link.ifPresent(over ->
        Gauge.builder("sotto.relay.signalling.up", over, l -> l.isUp() ? 1 : 0)
            .strongReference(true)
            .register(registry));
    Gauge.builder("sotto.relay.handshakes.running", server, RelayServer::runningHandshakes)
        .strongReference(true)
        .register(registry);
    for (int worker = 0; worker < server.counters().size(); worker++) {
      register(registry, worker);
    }
  }

  private void register(MeterRegistry registry, int worker) {
    String label = Integer.toString(worker);
    Counters counters = server.counters().get(worker);
    Gauge.builder("sotto.relay.load", server, s -> s.loads().get(worker))
        .tag(WORKER, label)
        .strongReference(true)
        .register(registry);
    for (Counter counter : Counter.values()) {
      FunctionCounter.builder("sotto.relay." + counter.label(), counters, c -> c.value(counter))
          .tag(WORKER, label)
          .register(registry);
    }
    for (DropReason reason : DropReason.values()) {
      FunctionCounter.builder("sotto.relay.drops", counters, c -> c.dropped(reason))
          .tag(WORKER, label)
          .tag("reason", reason.label())
          .register(registry);
    }
    LoopLag lag = server.lags().get(worker);
    for (int bucket = 0; bucket < LoopLag.BUCKETS; bucket++) {
      int of = bucket;
      FunctionCounter.builder("sotto.relay.loop.lag", lag, l -> l.count(of))
          .tag(WORKER, label)
          .tag("seconds", bound(bucket))
          .register(registry);
    }
  }

  private static String bound(int bucket) {
    double seconds = LoopLag.boundSeconds(bucket);
    return Double.isInfinite(seconds) ? "more" : Double.toString(seconds);
  }

  /** Nothing of it is marked as changeable; what is live stays as it is. */
  @Override
  public void reload(Context context) {}

  @Override
  public void drain(Duration deadline) {
    try {
      server.drain(deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.set(true);
    link.ifPresent(RelayLink::close);
    server.close();
  }
}
