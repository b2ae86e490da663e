package dev.sotto.turn.relay;

import dev.sotto.turn.peer.HostPorts;
import java.net.InetSocketAddress;

/**
 * A relayed transport address and what stands behind it: the socket, its port's claim, and the
 * entries by which other clients of this server may reach it and do so.
 *
 * @param advertised the address that clients and peers are told
 */
public record RelayedTransport(
    InetSocketAddress advertised,
    RelaySocket socket,
    RelayPorts.Claim claim,
    HostPorts.Registration openPort,
    LocalRelays.Entry localEntry) {

  public AddressFamily family() {
    return AddressFamily.of(advertised.getAddress());
  }

  /**
   * First closed to peers, then unbound, then given back: nobody can find the port's next owner
   * through this one.
   */
  void close() {
    openPort.close();
    localEntry.close();
    socket.close();
    claim.close();
  }
}
