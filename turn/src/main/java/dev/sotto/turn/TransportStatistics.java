package dev.sotto.turn;

import java.util.EnumMap;
import java.util.Map;

/**
 * What was counted of the clients of one transport, summed over all event loops. Everything but
 * {@code allocations} only grows.
 *
 * @param allocations allocations that live now
 * @param bytesToPeers UDP payload without TURN's framing
 * @param drops by reason; a reason that never came up stands there with zero
 */
public record TransportStatistics(
    int allocations,
    long allocationsStarted,
    long packetsToPeers,
    long bytesToPeers,
    long packetsToClients,
    long bytesToClients,
    long bindingResponses,
    long challenges,
    long errorResponses,
    Map<DropReason, Long> drops) {

  static final TransportStatistics NONE =
      new TransportStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of());

  public TransportStatistics {
    drops = Map.copyOf(drops);
  }

  TransportStatistics plus(TransportStatistics other) {
    Map<DropReason, Long> bothDrops = new EnumMap<>(DropReason.class);
    bothDrops.putAll(drops);
    other.drops.forEach((reason, count) -> bothDrops.merge(reason, count, Long::sum));
    return new TransportStatistics(
        allocations + other.allocations,
        allocationsStarted + other.allocationsStarted,
        packetsToPeers + other.packetsToPeers,
        bytesToPeers + other.bytesToPeers,
        packetsToClients + other.packetsToClients,
        bytesToClients + other.bytesToClients,
        bindingResponses + other.bindingResponses,
        challenges + other.challenges,
        errorResponses + other.errorResponses,
        bothDrops);
  }
}
