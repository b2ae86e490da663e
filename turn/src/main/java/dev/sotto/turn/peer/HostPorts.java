package dev.sotto.turn.peer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The ports of this host that clients may reach through it: relayed transport addresses while they
 * live, and what the composition root opens (a media relay's ports). Shared by all event loops;
 * look-ups make no garbage.
 */
public final class HostPorts {
  private final Set<InetSocketAddress> open = ConcurrentHashMap.newKeySet();
  private final Set<InetAddress> relayAddresses = ConcurrentHashMap.newKeySet();

  /** An open port; closing it twice does nothing. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** Opens one port of this host to clients until the registration is closed. */
  public Registration open(InetSocketAddress address) {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("cannot open an unresolved address: " + address);
    }
    open.add(address);
    return () -> open.remove(address);
  }

  /**
   * Names an address at which relayed ports will open, so that permissions for it are worth
   * granting.
   */
  public void announceRelayAddress(InetAddress address) {
    relayAddresses.add(address);
  }

  public boolean isOpen(InetSocketAddress address) {
    return open.contains(address);
  }

  boolean mayHaveOpenPorts(InetAddress address) {
    return relayAddresses.contains(address)
        || open.stream().anyMatch(port -> port.getAddress().equals(address));
  }
}
