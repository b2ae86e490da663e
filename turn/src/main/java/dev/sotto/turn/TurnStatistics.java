package dev.sotto.turn;

import java.util.Map;

/**
 * The server's counters at one moment, summed over all event loops.
 *
 * @param reservations ports kept for holders of a RESERVATION-TOKEN
 * @param relayedPorts ports claimed from the pools: those of allocations and of reservations
 * @param permissions of all allocations; an expired one counts until the next second's sweep
 * @param transports what was counted, by the transport of the client concerned
 */
public record TurnStatistics(
    int reservations,
    int relayedPorts,
    int permissions,
    Map<ClientTransport, TransportStatistics> transports) {

  public TurnStatistics {
    transports = Map.copyOf(transports);
  }

  public TransportStatistics of(ClientTransport transport) {
    return transports.getOrDefault(transport, TransportStatistics.NONE);
  }

  /** All transports together. */
  public TransportStatistics total() {
    return transports.values().stream().reduce(TransportStatistics.NONE, TransportStatistics::plus);
  }
}
