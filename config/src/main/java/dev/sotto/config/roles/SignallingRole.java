package dev.sotto.config.roles;

import dev.sotto.signalling.SignallingCounters;
import dev.sotto.signalling.SignallingServer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * The signalling server as a role of this process.
 *
 * @param ice what it tells clients of STUN and TURN
 */
record SignallingRole(SignallingServer server, String host, ReplaceableIceServices ice)
    implements RunningRole {

  @Override
  public String name() {
    return "signalling";
  }

  @Override
  public int port() {
    return server.httpAddress().getPort();
  }

  @Override
  public String uri() {
    return "http://" + host + ":" + port() + "/";
  }

  @Override
  public boolean ready() {
    return server.ready();
  }

  @Override
  public void registerMetrics(MeterRegistry registry) {
    gauge(registry, "connections", SignallingCounters::connections);
    gauge(registry, "sessions", SignallingCounters::sessions);
    counter(registry, "stanzas.routed", SignallingCounters::stanzasRouted);
    counter(registry, "auth.successes", SignallingCounters::authSuccesses);
    counter(registry, "auth.failures", SignallingCounters::authFailures);
    counter(registry, "stream.errors", SignallingCounters::streamErrors);
    counter(registry, "calls.proposed", SignallingCounters::callsProposed);
    gauge(registry, "sessions.waiting", SignallingCounters::waitingSessions);
    counter(registry, "resumptions", SignallingCounters::resumptions);
    counter(registry, "resumptions.failed", SignallingCounters::failedResumptions);
  }

  private void gauge(MeterRegistry registry, String name, ToDoubleFunction<SignallingCounters> of) {
    Gauge.builder("sotto.signalling." + name, server, s -> of.applyAsDouble(s.counters()))
        .strongReference(true)
        .register(registry);
  }

  private void counter(
      MeterRegistry registry, String name, ToDoubleFunction<SignallingCounters> of) {
    FunctionCounter.builder("sotto.signalling." + name, server, s -> of.applyAsDouble(s.counters()))
        .register(registry);
  }

  @Override
  public void reload(Context context) {
    try {
      server.reload(
          context.tls(), context.tokenKeys().keys(), AccountWiring.configured(context.settings()));
    } catch (IllegalArgumentException e) {
      throw new StartException("sotto.tls.certificate: " + e.getMessage(), e);
    }
    ice.reload(context);
  }

  @Override
  public void drain(Duration deadline) {
    server.drain(deadline);
  }

  @Override
  public void close() {
    server.close();
  }
}
