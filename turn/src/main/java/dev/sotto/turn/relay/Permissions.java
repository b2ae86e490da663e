package dev.sotto.turn.relay;

import dev.sotto.turn.peer.PeerVerdict;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The permissions of one allocation (RFC 8656 section 9). */
public final class Permissions {
  private final Map<InetAddress, Permission> byAddress = HashMap.newHashMap(4);

  /** Installs or renews a permission. */
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
    byAddress.keySet().removeIf(peer -> policy.apply(peer) == PeerVerdict.REFUSED);
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
    byAddress.values().removeIf(permission -> !permission.isAlive(nowNanos));
  }
}
