package dev.sotto.turn.protocol;

import dev.sotto.turn.peer.IpAddress;
import dev.sotto.turn.protocol.TransportCounters.Counter;
import dev.sotto.turn.relay.Allocation;
import dev.sotto.turn.relay.ClientLink;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The allocations of one event loop: where they begin, and the only place where they end. */
final class Allocations {
  private static final Logger LOG = LoggerFactory.getLogger("dev.sotto.turn.allocations");

  private final SharedState shared;
  private final Counters counters;
  private final Set<Allocation> all = new LinkedHashSet<>();

  Allocations(SharedState shared, Counters counters) {
    this.shared = shared;
    this.counters = counters;
  }

  /**
   * The live allocation of this 5-tuple. One whose time is over ends here, if the sweep has not
   * come by yet.
   */
  Optional<Allocation> find(ClientLink link, InetSocketAddress client, long nowNanos) {
    Allocation allocation = link.allocations().get(client);
    if (allocation != null && !allocation.isAlive(nowNanos)) {
      end(allocation, AllocationEnd.EXPIRED, nowNanos);
      return Optional.empty();
    }
    return Optional.ofNullable(allocation);
  }

  void begin(Allocation allocation) {
    allocation.limitBy(shared.userRates().acquire(allocation.owner(), allocation.startedAtNanos()));
    allocation.link().allocations().put(allocation.client(), allocation);
    all.add(allocation);
    counters.of(allocation.link().transport()).increment(Counter.ALLOCATIONS_STARTED);
    LOG.info(
        "allocation started user={} transport={} client={} relayed={}",
        LogSafe.text(allocation.username()),
        allocation.link().transport().label(),
        text(allocation.client()),
        relayed(allocation));
  }

  void end(Allocation allocation, AllocationEnd reason, long nowNanos) {
    if (!all.remove(allocation)) {
      return;
    }
    String relayed = relayed(allocation);
    allocation.link().allocations().remove(allocation.client());
    allocation.end();
    shared.quotas().release(allocation.owner());
    shared.userRates().release(allocation.owner());
    counters.of(allocation.link().transport()).increment(Counter.ALLOCATIONS_ENDED);
    LOG.info(
        "allocation ended user={} transport={} client={} relayed={} reason={} seconds={} bytes-to-peers={}"
            + " bytes-to-client={}",
        LogSafe.text(allocation.username()),
        allocation.link().transport().label(),
        text(allocation.client()),
        relayed,
        reason.inLogs(),
        Duration.ofNanos(nowNanos - allocation.startedAtNanos()).toSeconds(),
        allocation.traffic().bytesToPeers(),
        allocation.traffic().bytesToClient());
  }

  /** Ends what has expired and lets the rest forget what has. */
  void sweep(long nowNanos) {
    for (Allocation allocation : List.copyOf(all)) {
      if (allocation.isAlive(nowNanos)) {
        allocation.removeExpired(nowNanos);
      } else {
        end(allocation, AllocationEnd.EXPIRED, nowNanos);
      }
    }
  }

  /** Lets every permission stand or fall by the peer policy of now. */
  void judgePermissionsAnew() {
    all.forEach(allocation ->
        allocation.permissions().judgeAnew(peer -> shared.peerPolicy().judge(IpAddress.of(peer))));
  }

  void endAll(AllocationEnd reason, long nowNanos) {
    List.copyOf(all).forEach(allocation -> end(allocation, reason, nowNanos));
  }

  private static String relayed(Allocation allocation) {
    return String.join(
        ",", allocation.relays().stream().map(relay -> text(relay.advertised())).toList());
  }

  private static String text(InetSocketAddress address) {
    String ip = address.getAddress().getHostAddress();
    boolean ipv6 = ip.contains(":");
    return (ipv6 ? "[" + ip + "]" : ip) + ":" + address.getPort();
  }
}
