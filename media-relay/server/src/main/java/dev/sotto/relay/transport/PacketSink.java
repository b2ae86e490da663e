package dev.sotto.relay.transport;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/**
 * Where packets leave: room is reserved, the packet is made in it, and it is sent. Packets to one
 * address that are made one after the other may leave as one message. Of one event loop.
 */
public interface PacketSink {
  /** What {@link #reserve} says when the kernel takes nothing more for now. */
  long NO_ROOM = -1;

  /** The segment that offsets are of. */
  MemorySegment segment();

  /**
   * Room for one packet, until the next call.
   *
   * @return its offset, or {@link #NO_ROOM}; the packet is dropped and counted then
   */
  long reserve(int bytes);

  /** Whether packets of one length to one address leave as one message. */
  boolean sendsRuns();

  /** Sends what stands at the offset reserved last. */
  void send(int length, int socket, InetSocketAddress remote);
}
