package dev.sotto.turn.relay;

import io.netty.util.collection.IntObjectHashMap;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The channels of one allocation, found by number and by peer without garbage (RFC 8656 section
 * 12).
 */
public final class Channels {
  private final IntObjectHashMap<ChannelBinding> byNumber = new IntObjectHashMap<>(4);
  private final Map<InetSocketAddress, ChannelBinding> byPeer = HashMap.newHashMap(4);

  /**
   * Whether number and peer can be bound to each other: neither is bound to another, or they are to
   * each other already.
   */
  public boolean isBindable(int number, InetSocketAddress peer, long nowNanos) {
    ChannelBinding ofNumber = alive(byNumber.get(number), nowNanos);
    ChannelBinding ofPeer = alive(byPeer.get(peer), nowNanos);
    return ofNumber == ofPeer;
  }

  /** Binds or renews; {@link #isBindable} must have agreed. */
  public void bind(int number, InetSocketAddress peer, long nowNanos, long expiresAtNanos) {
    ChannelBinding existing = alive(byNumber.get(number), nowNanos);
    if (existing != null) {
      existing.renew(expiresAtNanos);
      return;
    }
    removeExpired(nowNanos);
    ChannelBinding binding = new ChannelBinding(number, peer, expiresAtNanos);
    byNumber.put(number, binding);
    byPeer.put(peer, binding);
  }

  public Optional<ChannelBinding> find(int number, long nowNanos) {
    ChannelBinding binding = byNumber.get(number);
    return binding == null ? Optional.empty() : binding.ifAlive(nowNanos);
  }

  public Optional<ChannelBinding> find(InetSocketAddress peer, long nowNanos) {
    ChannelBinding binding = byPeer.get(peer);
    return binding == null ? Optional.empty() : binding.ifAlive(nowNanos);
  }

  public int size() {
    return byNumber.size();
  }

  void removeExpired(long nowNanos) {
    byNumber.values().removeIf(binding -> !binding.isAlive(nowNanos));
    byPeer.values().removeIf(binding -> !binding.isAlive(nowNanos));
  }

  private static ChannelBinding alive(ChannelBinding binding, long nowNanos) {
    return binding != null && binding.isAlive(nowNanos) ? binding : null;
  }
}
