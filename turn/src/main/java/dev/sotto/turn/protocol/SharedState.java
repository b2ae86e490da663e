package dev.sotto.turn.protocol;

import dev.sotto.turn.peer.HostPorts;
import dev.sotto.turn.peer.PeerPolicy;
import dev.sotto.turn.relay.AddressFamily;
import dev.sotto.turn.relay.Quotas;
import dev.sotto.turn.relay.Reservations;
import dev.sotto.turn.relay.UserRates;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the event loops share; every part is safe to touch from any of them.
 *
 * @param alternateServer where a draining server sends new clients (RFC 8489 section 10)
 */
public record SharedState(
    RelayPools pools,
    HostPorts hostPorts,
    PeerPolicy peerPolicy,
    Quotas quotas,
    UserRates userRates,
    Reservations reservations,
    AtomicBoolean draining,
    Optional<InetSocketAddress> alternateServer) {

  public Optional<RelayPool> pool(AddressFamily family) {
    return pools.of(family);
  }
}
