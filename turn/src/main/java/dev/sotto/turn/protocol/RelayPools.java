package dev.sotto.turn.protocol;

import dev.sotto.turn.relay.AddressFamily;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The pool of each address family. Replaced as a whole, from any thread. */
public final class RelayPools {
  private volatile Map<AddressFamily, RelayPool> byFamily;

  public RelayPools(Collection<RelayPool> pools) {
    byFamily = index(pools);
  }

  public Optional<RelayPool> of(AddressFamily family) {
    return Optional.ofNullable(byFamily.get(family));
  }

  public Collection<RelayPool> all() {
    return byFamily.values();
  }

  /** New allocations are told these pools' addresses; those that live keep theirs. */
  public void replace(Collection<RelayPool> pools) {
    byFamily = index(pools);
  }

  private static Map<AddressFamily, RelayPool> index(Collection<RelayPool> pools) {
    Map<AddressFamily, RelayPool> index = new EnumMap<>(AddressFamily.class);
    pools.forEach(pool -> index.put(AddressFamily.of(pool.bindAddress()), pool));
    return index;
  }
}
