package dev.sotto.turn.netty;

import dev.sotto.turn.TurnSettings;
import dev.sotto.turn.TurnTls;
import dev.sotto.turn.dtls.DtlsContext;
import dev.sotto.turn.relay.Quotas;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The addresses that the server listens on, with their real ports, each bound on every event loop.
 *
 * @param tlsContext present when there is a key and certificate
 * @param dtlsContext present when there is a DTLS listener
 */
public record Listeners(
    List<InetSocketAddress> udp,
    List<InetSocketAddress> tcp,
    List<InetSocketAddress> tls,
    List<InetSocketAddress> dtls,
    Optional<TlsContext> tlsContext,
    Optional<DtlsContext> dtlsContext) {

  /**
   * Binds what the settings name.
   *
   * @throws dev.sotto.turn.TurnServerException naming the address that cannot be bound
   */
  public static Listeners bind(List<WorkerLoop> loops, TurnSettings settings) {
    Quotas connections = new Quotas(settings.connectionsPerSource(), settings.connectionsInTotal());
    Optional<TlsContext> tlsContext = settings.tls().map(TlsContext::new);
    Optional<DtlsContext> dtlsContext =
        settings.tls().filter(_ -> !settings.listenDtls().isEmpty()).map(DtlsContext::new);
    return new Listeners(
        settings.listen().stream().map(address -> bindUdp(address, loops, settings)).toList(),
        settings.listenTcp().stream()
            .map(address -> bindTcp(address, loops, settings, Optional.empty(), connections))
            .toList(),
        settings.listenTls().stream()
            .map(address -> bindTcp(address, loops, settings, tlsContext, connections))
            .toList(),
        dtlsContext.stream()
            .flatMap(context ->
                settings.listenDtls().stream()
                    .map(address -> bindDtls(address, loops, settings, context, connections)))
            .toList(),
        tlsContext,
        dtlsContext);
  }

  /**
   * Prepares another certificate, which is shown from when the result is run.
   *
   * @throws dev.sotto.turn.TurnServerException when it cannot be used
   */
  public Runnable tlsReplacement(TurnTls identity) {
    List<Runnable> replacements =
        Stream.concat(
                tlsContext.stream().map(context -> context.replacement(identity)),
                dtlsContext.stream().map(context -> context.replacement(identity)))
            .toList();
    return () -> replacements.forEach(Runnable::run);
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

  private static InetSocketAddress bindDtls(
      InetSocketAddress address,
      List<WorkerLoop> loops,
      TurnSettings settings,
      DtlsContext context,
      Quotas connections) {
    boolean several = loops.size() > 1;
    if (several && address.getPort() != 0) {
      PortProbe.requireFreeUdp(address);
    }
    InetSocketAddress bound = address;
    for (WorkerLoop loop : loops) {
      bound =
          loop.listenDtls(
              bound,
              several,
              settings.socketBufferBytes(),
              context,
              connections,
              settings.idleConnectionTimeout());
    }
    return bound;
  }
}
