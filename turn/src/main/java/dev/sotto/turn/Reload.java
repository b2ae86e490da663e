package dev.sotto.turn;

import dev.sotto.turn.protocol.RelayPool;
import dev.sotto.turn.protocol.SharedState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What a running server needs of changed settings. */
final class Reload {
  private Reload() {}

  /** The pools of these settings, with the ports that those of the running server have claimed. */
  static List<RelayPool> pools(SharedState shared, TurnSettings wanted) {
    return shared.pools().all().stream()
        .map(pool ->
            wanted.relays().stream()
                .filter(relay -> relay.bind().equals(pool.bindAddress()))
                .findFirst()
                .map(relay -> new RelayPool(relay.bind(), relay.advertised(), pool.ports()))
                .orElse(pool))
        .toList();
  }

  /** Relays of these settings that no socket can be opened on without a new start. */
  static List<RelayAddress> relaysNotTakenUp(SharedState shared, TurnSettings wanted) {
    return wanted.relays().stream()
        .filter(relay ->
            shared.pools().all().stream()
                .noneMatch(pool -> pool.bindAddress().equals(relay.bind())))
        .toList();
  }

  /** Addresses that lead to this server, by settings that may be newer than the sockets. */
  static List<InetAddress> knownAddresses(Collection<TurnSettings> settings) {
    return settings.stream()
        .flatMap(each ->
            Stream.concat(
                Stream.of(each.listen(), each.listenTcp(), each.listenTls(), each.listenDtls())
                    .flatMap(List::stream)
                    .map(InetSocketAddress::getAddress),
                each.relays().stream()
                    .flatMap(relay -> Stream.of(relay.bind(), relay.advertised()))))
        .distinct()
        .toList();
  }
}
