package dev.sotto.turn;

import java.util.Map;

/**
 * The server's counters at one moment, summed over all event loops. Everything but {@code
 * allocations}, {@code reservations} and {@code relayedPorts} only grows.
 *
 * @param allocations allocations that live now
 * @param reservations ports kept for holders of a RESERVATION-TOKEN
 * @param relayedPorts ports claimed from the pools: those of allocations and of reservations
 * @param bytesToPeers UDP payload without TURN's framing
 */
public record TurnStatistics(
    int allocations,
    int reservations,
    int relayedPorts,
    long allocationsStarted,
    long packetsToPeers,
    long bytesToPeers,
    long packetsToClients,
    long bytesToClients,
    long bindingResponses,
    long challenges,
    long errorResponses,
    Map<DropReason, Long> drops) {

  public TurnStatistics {
    drops = Map.copyOf(drops);
  }
}
