package dev.sotto.relay.worker;

import dev.sotto.relay.conference.ConferenceSettings;
import dev.sotto.relay.control.ControlLimits;
import dev.sotto.relay.transport.RemoteKeys;
import dev.sotto.relay.transport.TransportLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What a relay is started with.
 *
 * @param listenAddresses of this host, no wildcards; each worker has one port on all of them
 * @param firstPort of the first worker, the others follow; 0 takes free ones
 * @param workers event loops, with a port each
 * @param publicAddress by which a one-to-one NAT shows those of its family to the world
 * @param stunServers asked for the public address when none is configured; names, unresolved
 * @param socketBufferBytes of each socket, for receiving and for sending
 * @param queuedPackets that may wait to leave one worker, 300 bytes each
 * @param handshakes DTLS handshakes that may run at a time
 */
public record RelaySettings(
    List<InetAddress> listenAddresses,
    int firstPort,
    int workers,
    Optional<InetAddress> publicAddress,
    List<InetSocketAddress> stunServers,
    int socketBufferBytes,
    int queuedPackets,
    int handshakes,
    ConferenceSettings conference,
    ControlLimits limits,
    TransportLimits transportLimits) {

  /** As {@link #queuedPackets()}: half a second of 60,000 packets. */
  public static final int DEFAULT_QUEUED_PACKETS = 32_768;

  /** As {@link #handshakes()}: two milliseconds of CPU each. */
  public static final int DEFAULT_HANDSHAKES = 200;

  /** A burst of key frames to a thousand receivers. */
  public static final int DEFAULT_SOCKET_BUFFER_BYTES = 4 << 20;

  public RelaySettings {
    listenAddresses = List.copyOf(listenAddresses);
    stunServers = List.copyOf(stunServers);
    if (listenAddresses.isEmpty() || workers < 1) {
      throw new IllegalArgumentException("a relay has an address and a worker");
    }
    if (listenAddresses.size() > RemoteKeys.MAXIMUM_SOCKETS) {
      throw new IllegalArgumentException(
          "a relay listens on at most " + RemoteKeys.MAXIMUM_SOCKETS + " addresses");
    }
  }

  /** Defaults on these addresses. */
  public static RelaySettings on(List<InetAddress> addresses, int firstPort, int workers) {
    return new RelaySettings(
        addresses,
        firstPort,
        workers,
        Optional.empty(),
        List.of(),
        DEFAULT_SOCKET_BUFFER_BYTES,
        DEFAULT_QUEUED_PACKETS,
        DEFAULT_HANDSHAKES,
        ConferenceSettings.DEFAULT,
        ControlLimits.DEFAULT,
        TransportLimits.DEFAULT);
  }
}
