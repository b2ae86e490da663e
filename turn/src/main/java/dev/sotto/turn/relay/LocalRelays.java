package dev.sotto.turn.relay;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The live relayed transport addresses of this server, by what clients and peers are told. Shared
 * by all event loops; look-ups make no garbage.
 */
public final class LocalRelays {
  private final Map<InetSocketAddress, Optional<LocalRelay>> byAddress = new ConcurrentHashMap<>();

  /** Ends an entry; to be closed on the event loop that its relay belongs to. */
  @FunctionalInterface
  public interface Entry extends AutoCloseable {
    @Override
    void close();
  }

  /** Lets other clients find a relayed address. */
  public Entry add(InetSocketAddress advertised, LocalRelay relay) {
    byAddress.put(advertised, Optional.of(relay));
    return () -> {
      byAddress.remove(advertised);
      relay.close();
    };
  }

  public Optional<LocalRelay> at(InetSocketAddress advertised) {
    return byAddress.getOrDefault(advertised, Optional.empty());
  }
}
