package dev.sotto.config.roles;

import dev.sotto.turn.ClientTransport;
import dev.sotto.turn.DropReason;
import dev.sotto.turn.TransportStatistics;
import dev.sotto.turn.TurnServer;
import dev.sotto.turn.TurnServerException;
import dev.sotto.turn.TurnSettings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;

/** The TURN server as a role of this process. */
final class TurnRole implements RunningTurn {

  private static final String TRANSPORT = "transport";

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
  public void open(List<InetSocketAddress> mediaAddresses) {
    // For as long as the process lives: roles of one process stop together.
    mediaAddresses.forEach(server.hostPorts()::open);
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
    Gauge.builder("sotto.turn.relayed.ports", server, s -> s.statistics().relayedPorts())
        .strongReference(true)
        .register(registry);
    Gauge.builder("sotto.turn.permissions", server, s -> s.statistics().permissions())
        .strongReference(true)
        .register(registry);
    for (ClientTransport transport : ClientTransport.values()) {
      register(registry, transport);
    }
  }

  private void register(MeterRegistry registry, ClientTransport transport) {
    Gauge.builder("sotto.turn.allocations", server, s -> s.statistics().of(transport).allocations())
        .tag(TRANSPORT, transport.label())
        .strongReference(true)
        .register(registry);
    counter(registry, transport, "allocations.started", TransportStatistics::allocationsStarted);
    counter(registry, transport, "packets.to.peers", TransportStatistics::packetsToPeers);
    counter(registry, transport, "bytes.to.peers", TransportStatistics::bytesToPeers);
    counter(registry, transport, "packets.to.clients", TransportStatistics::packetsToClients);
    counter(registry, transport, "bytes.to.clients", TransportStatistics::bytesToClients);
    counter(registry, transport, "binding.responses", TransportStatistics::bindingResponses);
    counter(registry, transport, "challenges", TransportStatistics::challenges);
    counter(registry, transport, "error.responses", TransportStatistics::errorResponses);
    for (DropReason reason : DropReason.values()) {
      FunctionCounter.builder(
              "sotto.turn.drops",
              server,
              s -> s.statistics().of(transport).drops().getOrDefault(reason, 0L))
          .tag(TRANSPORT, transport.label())
          .tag("reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .register(registry);
    }
  }

  private void counter(
      MeterRegistry registry,
      ClientTransport transport,
      String name,
      ToDoubleFunction<TransportStatistics> of) {
    FunctionCounter.builder(
            "sotto.turn." + name, server, s -> of.applyAsDouble(s.statistics().of(transport)))
        .tag(TRANSPORT, transport.label())
        .register(registry);
  }

  @Override
  public void reload(Context context) {
    try {
      TurnSettings wanted = TurnWiring.settings(context); // may wait for a name server
      if (!closed.get()) {
        server.reload(wanted);
      }
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
