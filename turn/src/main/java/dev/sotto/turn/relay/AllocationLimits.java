package dev.sotto.turn.relay;

import java.net.InetAddress;
import java.util.Collection;

/**
 * What one allocation may move: its own rate, its user's and the server's. Belongs to the
 * allocation's event loop. Bytes are taken from the shared rates by the handful, so that a packet
 * costs a comparison and a subtraction.
 */
public final class AllocationLimits {
  private static final int HANDFUL_BYTES = 16 << 10;

  private final RateLimit ownBytes;
  private final RateLimit userBytes;
  private final RateLimit totalBytes;
  private final NewPeers newPeers;
  private long creditBytes;

  /** Whether a packet may pass or a new peer be turned to, or whose rate is used up. */
  public enum Verdict {
    GRANTED,
    ALLOCATION_RATE_REACHED,
    USER_RATE_REACHED,
    TOTAL_RATE_REACHED
  }

  AllocationLimits(
      RateLimit ownBytes, RateLimit userBytes, RateLimit totalBytes, NewPeers newPeers) {
    this.ownBytes = ownBytes;
    this.userBytes = userBytes;
    this.totalBytes = totalBytes;
    this.newPeers = newPeers;
    boolean unlimited =
        ownBytes.isUnlimited() && userBytes.isUnlimited() && totalBytes.isUnlimited();
    creditBytes = unlimited ? Long.MAX_VALUE : 0;
  }

  /** Of an allocation that has not begun: it has no peers yet that data could go to. */
  static AllocationLimits none() {
    RateLimit unlimited = new RateLimit(0, 0, 0);
    return new AllocationLimits(
        unlimited, unlimited, unlimited, new NewPeers(unlimited, unlimited));
  }

  /** Asks for one packet of so many bytes of payload. */
  public Verdict take(int bytes, long nowNanos) {
    if (bytes > creditBytes) {
      Verdict verdict = take((long) HANDFUL_BYTES, nowNanos);
      if (verdict == Verdict.GRANTED) {
        creditBytes += HANDFUL_BYTES;
      } else {
        verdict = take(bytes - creditBytes, nowNanos);
        if (verdict != Verdict.GRANTED) {
          return verdict;
        }
        creditBytes = bytes;
      }
    }
    creditBytes -= bytes;
    return Verdict.GRANTED;
  }

  /** Asks to turn to peers that the allocation has no permission for. */
  public Verdict takeNewPeers(Collection<InetAddress> peers, long nowNanos) {
    return newPeers.take(peers, nowNanos);
  }

  private Verdict take(long bytes, long nowNanos) {
    if (!ownBytes.tryTake(bytes, nowNanos)) {
      return Verdict.ALLOCATION_RATE_REACHED;
    }
    if (!userBytes.tryTake(bytes, nowNanos)) {
      ownBytes.giveBack(bytes);
      return Verdict.USER_RATE_REACHED;
    }
    if (!totalBytes.tryTake(bytes, nowNanos)) {
      ownBytes.giveBack(bytes);
      userBytes.giveBack(bytes);
      return Verdict.TOTAL_RATE_REACHED;
    }
    return Verdict.GRANTED;
  }
}
