package dev.sotto.turn.protocol;

import dev.sotto.turn.peer.HostPorts;
import dev.sotto.turn.peer.PeerPolicy;
import dev.sotto.turn.relay.AddressFamily;
import dev.sotto.turn.relay.Quotas;
import dev.sotto.turn.relay.Reservations;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the event loops share; every part is safe to touch from any of them. */
public record SharedState(
    Map<AddressFamily, RelayPool> pools,
    HostPorts hostPorts,
    PeerPolicy peerPolicy,
    Quotas quotas,
    Reservations reservations,
    AtomicBoolean draining) {

  public Optional<RelayPool> pool(AddressFamily family) {
    return Optional.ofNullable(pools.get(family));
  }
}
