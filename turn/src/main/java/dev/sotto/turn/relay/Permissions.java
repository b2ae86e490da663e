package dev.sotto.turn.relay;

import dev.sotto.turn.peer.PeerVerdict;
import dev.sotto.turn.relay.Quotas.Grant;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The permissions of one allocation (RFC 8656 section 9). Each counts against its user's quota and
 * the server's from {@link #reserve} until it is removed here, for whatever reason.
 */
public final class Permissions {
  private final Quotas quotas;
  private final String owner;
  private final Map<InetAddress, Permission> byAddress = HashMap.newHashMap(4);

  Permissions(Quotas quotas, String owner) {
    this.quotas = quotas;
    this.owner = owner;
  }

  /**
   * Makes room for so many permissions more, all of them or none. What is granted has to be
   * installed, or given back.
   */
  public Grant reserve(int more) {
    return quotas.acquire(owner, more);
  }

  /** Gives room back that no permission was installed in. */
  public void giveBack(int reserved) {
    quotas.release(owner, reserved);
  }

  /** Renews a permission, or installs it in reserved room. */
  public void install(InetAddress peer, PeerVerdict verdict, long expiresAtNanos) {
    Permission existing = byAddress.get(peer);
    if (existing != null && existing.verdict() == verdict) {
      existing.renew(expiresAtNanos);
    } else {
      byAddress.put(peer, new Permission(peer, verdict, expiresAtNanos));
    }
  }

  /** Asks again what each permission is worth; takes those away that would be refused now. */
  public void judgeAnew(Function<InetAddress, PeerVerdict> policy) {
    int before = byAddress.size();
    byAddress.keySet().removeIf(peer -> policy.apply(peer) == PeerVerdict.REFUSED);
    giveBack(before - byAddress.size());
    byAddress.replaceAll((peer, permission) -> permission.judgedAnew(peer, policy.apply(peer)));
  }

  public Optional<Permission> find(InetAddress peer, long nowNanos) {
    Permission permission = byAddress.get(peer);
    return permission == null ? Optional.empty() : permission.ifAlive(nowNanos);
  }

  public boolean contains(InetAddress peer) {
    return byAddress.containsKey(peer);
  }

  public int size() {
    return byAddress.size();
  }

  void removeExpired(long nowNanos) {
    int before = byAddress.size();
    byAddress.values().removeIf(permission -> !permission.isAlive(nowNanos));
    giveBack(before - byAddress.size());
  }

  void removeAll() {
    giveBack(byAddress.size());
    byAddress.clear();
  }
}
