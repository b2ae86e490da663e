package dev.sotto.relay.worker;

import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.statistics.DropReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts faults of the relay's own and logs one a minute, so that what somebody can provoke with
 * each packet does not fill the disk, and is not hidden either. Of one event loop.
 */
final class FaultLog {
  private static final Logger LOG = LoggerFactory.getLogger(FaultLog.class);
  private static final long INTERVAL_NANOS = 60_000_000_000L;

  private final int port;
  private final Counters counters;
  private boolean logged;
  private long loggedNanos;

  FaultLog(int port, Counters counters) {
    this.port = port;
    this.counters = counters;
  }

  void onFault(String where, RuntimeException fault, long nowNanos) {
    counters.drop(DropReason.INTERNAL_FAULT);
    if (!logged || nowNanos - loggedNanos >= INTERVAL_NANOS) {
      logged = true;
      loggedNanos = nowNanos;
      LOG.error("A fault of the relay on port {}, {}", port, where, fault);
    }
  }
}
