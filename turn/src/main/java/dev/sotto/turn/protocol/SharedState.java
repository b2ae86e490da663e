package dev.sotto.turn.protocol;

import dev.sotto.turn.peer.HostPorts;
import dev.sotto.turn.peer.PeerPolicy;
import dev.sotto.turn.relay.AddressFamily;
import dev.sotto.turn.relay.LocalRelays;
import dev.sotto.turn.relay.Quotas;
import dev.sotto.turn.relay.Reservations;
import dev.sotto.turn.relay.UserRates;
import java.util.Optional;

/**
 * What the event loops share; every part is safe to touch from any of them.
 *
 * @param quotas of allocations and of ports reserved for one
 * @param permissionQuotas of the permissions of all allocations
 */
public record SharedState(
    RelayPools pools,
    HostPorts hostPorts,
    LocalRelays localRelays,
    PeerPolicy peerPolicy,
    Quotas quotas,
    Quotas permissionQuotas,
    UserRates userRates,
    Reservations reservations,
    Drain drain) {

  public Optional<RelayPool> pool(AddressFamily family) {
    return pools.of(family);
  }
}
