package dev.sotto.turn.protocol;

import dev.sotto.turn.relay.RelayPorts;
import java.net.InetAddress;

/**
 * Where relayed sockets of one address family are bound, and what clients are told.
 *
 * @param bindAddress a specific address of this host
 * @param advertisedAddress the same, or the external side of a one-to-one NAT
 */
public record RelayPool(InetAddress bindAddress, InetAddress advertisedAddress, RelayPorts ports) {}
