package dev.sotto.turn.netty;

import dev.sotto.turn.TurnSettings;
import dev.sotto.turn.relay.Quotas;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * The addresses that the server listens on, with their real ports, each bound on every event loop.
 *
 * @param tlsContext present when there is a TLS listener
 */
public record Listeners(
    List<InetSocketAddress> udp,
    List<InetSocketAddress> tcp,
    List<InetSocketAddress> tls,
    Optional<TlsContext> tlsContext) {

  /**
   * Binds what the settings name.
   *
   * @throws dev.sotto.turn.TurnServerException naming the address that cannot be bound
   */
  public static Listeners bind(List<WorkerLoop> loops, TurnSettings settings) {
    Quotas connections = new Quotas(settings.connectionsPerSource(), settings.connectionsInTotal());
    Optional<TlsContext> tlsContext = settings.tls().map(TlsContext::new);
    return new Listeners(
        settings.listen().stream().map(address -> bindUdp(address, loops, settings)).toList(),
        settings.listenTcp().stream()
            .map(address -> bindTcp(address, loops, settings, Optional.empty(), connections))
            .toList(),
        settings.listenTls().stream()
            .map(address -> bindTcp(address, loops, settings, tlsContext, connections))
            .toList(),
        tlsContext);
  }

  private static InetSocketAddress bindUdp(
      InetSocketAddress address, List<WorkerLoop> loops, TurnSettings settings) {
    boolean several = loops.size() > 1;
    if (several && address.getPort() != 0) {
      PortProbe.requireFreeUdp(address);
    }
    InetSocketAddress bound = address;
    for (WorkerLoop loop : loops) {
      bound = loop.listenUdp(bound, several, settings.socketBufferBytes());
    }
    return bound;
  }

  private static InetSocketAddress bindTcp(
      InetSocketAddress address,
      List<WorkerLoop> loops,
      TurnSettings settings,
      Optional<TlsContext> tls,
      Quotas connections) {
    boolean several = loops.size() > 1;
    if (several && address.getPort() != 0) {
      PortProbe.requireFreeTcp(address);
    }
    InetSocketAddress bound = address;
    for (WorkerLoop loop : loops) {
      bound = loop.listenTcp(bound, several, tls, connections, settings.idleConnectionTimeout());
    }
    return bound;
  }
}
