package dev.sotto.config.roles;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.TurnServer;
import dev.sotto.turn.TurnServerException;
import dev.sotto.turn.TurnStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;

/** The TURN server as a role of this process. */
final class TurnRole implements RunningTurn {

  private final TurnServer server;
  private final String host;
  private final AtomicBoolean closed = new AtomicBoolean();

  TurnRole(TurnServer server, String host) {
    this.server = server;
    this.host = host;
  }

  @Override
  public String name() {
    return "turn";
  }

  @Override
  public int port() {
    return server.boundAddress().getPort();
  }

  @Override
  public Ports ports() {
    return new Ports(
        port(),
        server.boundTcpAddresses().getFirst().getPort(),
        server.boundTlsAddresses().stream().map(InetSocketAddress::getPort).findFirst());
  }

  @Override
  public String uri() {
    return "turn:" + host + ":" + port();
  }

  @Override
  public boolean ready() {
    return !closed.get();
  }

  @Override
  public void registerMetrics(MeterRegistry registry) {
    gauge(registry, "allocations", TurnStatistics::allocations);
    gauge(registry, "relayed.ports", TurnStatistics::relayedPorts);
    counter(registry, "allocations.started", TurnStatistics::allocationsStarted);
    counter(registry, "packets.to.peers", TurnStatistics::packetsToPeers);
    counter(registry, "bytes.to.peers", TurnStatistics::bytesToPeers);
    counter(registry, "packets.to.clients", TurnStatistics::packetsToClients);
    counter(registry, "bytes.to.clients", TurnStatistics::bytesToClients);
    counter(registry, "binding.responses", TurnStatistics::bindingResponses);
    counter(registry, "challenges", TurnStatistics::challenges);
    counter(registry, "error.responses", TurnStatistics::errorResponses);
    for (DropReason reason : DropReason.values()) {
      FunctionCounter.builder(
              "sotto.turn.drops",
              server,
              running -> running.statistics().drops().getOrDefault(reason, 0L))
          .tag("reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .register(registry);
    }
  }

  private void gauge(MeterRegistry registry, String name, ToDoubleFunction<TurnStatistics> of) {
    Gauge.builder("sotto.turn." + name, server, s -> of.applyAsDouble(s.statistics()))
        .strongReference(true)
        .register(registry);
  }

  private void counter(MeterRegistry registry, String name, ToDoubleFunction<TurnStatistics> of) {
    FunctionCounter.builder("sotto.turn." + name, server, s -> of.applyAsDouble(s.statistics()))
        .register(registry);
  }

  @Override
  public void reload(Context context) {
    try {
      server.reload(TurnWiring.settings(context));
    } catch (TurnServerException e) {
      throw new StartException(TurnWiring.setting(context.settings(), e.getMessage()), e);
    }
  }

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
    server.close();
  }
}
