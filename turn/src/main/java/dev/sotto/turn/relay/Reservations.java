package dev.sotto.turn.relay;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ports that wait for the client that holds their token (RFC 8656 sections 7.2 and 18.8). The
 * request that redeems a token may arrive on any event loop: what is kept is the port's claim,
 * which belongs to none, and the loop that redeems it binds the socket.
 */
public final class Reservations {
  private final Map<Long, Reservation> byToken = new ConcurrentHashMap<>();
  private final Quotas quotas;

  /**
   * A claimed port of this family, counted against the owner's quota until it is redeemed or
   * expires.
   */
  public record Reservation(
      AddressFamily family, RelayPorts.Claim claim, String owner, long expiresAtNanos) {}

  public Reservations(Quotas quotas) {
    this.quotas = quotas;
  }

  /** Keeps a reservation whose quota the caller has acquired. */
  public void put(long token, Reservation reservation) {
    byToken.put(token, reservation);
  }

  /** Hands the port over, once: the quota stays acquired for the allocation that it becomes. */
  public Optional<Reservation> redeem(long token, String owner, long nowNanos) {
    Reservation reservation = byToken.get(token);
    if (reservation == null
        || nowNanos - reservation.expiresAtNanos() >= 0
        || !reservation.owner().equals(owner)
        || !byToken.remove(token, reservation)) {
      return Optional.empty();
    }
    return Optional.of(reservation);
  }

  /** Gives the ports of expired reservations back. */
  public void removeExpired(long nowNanos) {
    byToken.forEach((token, reservation) -> {
      if (nowNanos - reservation.expiresAtNanos() >= 0 && byToken.remove(token, reservation)) {
        reservation.claim().close();
        quotas.release(reservation.owner());
      }
    });
  }

  public int size() {
    return byToken.size();
  }
}
