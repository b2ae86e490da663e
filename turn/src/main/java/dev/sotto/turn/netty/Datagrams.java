package dev.sotto.turn.netty;

import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/** How received datagrams are laid out in memory. */
final class Datagrams {
  /**
   * Longer datagrams are dropped: they would be cut, and nothing that crosses the internet whole is
   * longer.
   */
  static final int MAXIMUM_BYTES = 2044;

  /** One byte or more beyond the maximum tells a datagram that was cut. */
  static final int BUFFER_BYTES = 2048;

  /**
   * Datagrams a recvmmsg call may bring: enough to amortise it, few enough to keep 32 kB buffers
   * pooled.
   */
  private static final int BATCH = 16;

  private Datagrams() {}

  /** Several datagrams a system call, side by side in one buffer. */
  static RecvByteBufAllocator inBatches() {
    return new FixedRecvByteBufAllocator(BATCH * BUFFER_BYTES);
  }

  static RecvByteBufAllocator oneByOne() {
    return new FixedRecvByteBufAllocator(BUFFER_BYTES);
  }
}
