package dev.sotto.turn;

import dev.sotto.turn.protocol.RelayPool;
import dev.sotto.turn.protocol.SharedState;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What can change under a running server, and what cannot. */
final class Reload {
  private static final Set<String> CHANGEABLE =
      Set.of(
          "tls", "relays", "users", "sharedSecrets", "allowPeers", "denyPeers", "alternateServer");

  private Reload() {}

  /** Names of the settings that differ and that only a new server can take up, in their order. */
  static List<String> needingRestart(TurnSettings running, TurnSettings wanted) {
    Stream<String> others =
        Arrays.stream(TurnSettings.class.getRecordComponents())
            .filter(component -> !CHANGEABLE.contains(component.getName()))
            .filter(component -> !value(component, running).equals(value(component, wanted)))
            .map(RecordComponent::getName);
    Stream<String> relays =
        bindAddresses(running).equals(bindAddresses(wanted)) ? Stream.empty() : Stream.of("relays");
    Stream<String> tls =
        running.tls().isPresent() == wanted.tls().isPresent() ? Stream.empty() : Stream.of("tls");
    return Stream.of(others, relays, tls).flatMap(names -> names).toList();
  }

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

  private static List<InetAddress> bindAddresses(TurnSettings settings) {
    return settings.relays().stream().map(RelayAddress::bind).toList();
  }

  private static Object value(RecordComponent component, TurnSettings settings) {
    try {
      return component.getAccessor().invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("accessors of a public record can be called", e);
    }
  }
}
