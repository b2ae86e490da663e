package dev.sotto.relay.transport;

import java.lang.foreign.MemorySegment;

/**
 * The whole address space as one segment, so that a packet in any native buffer is an address and a
 * length, and no view is made per packet. Whoever uses it answers for the bounds: the parsers check
 * every length against the packet's own.
 */
public final class NativeMemory {
  /** Offsets are addresses. */
  @SuppressWarnings("restricted")
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private NativeMemory() {}
}
