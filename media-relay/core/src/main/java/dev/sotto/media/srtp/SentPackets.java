package dev.sotto.media.srtp;

/**
 * What was sent of one SSRC lately: the indices, and of each the first 32 bits of its tag. A tag
 * depends on every byte of the packet, so that the tag of a packet that is to go out again under
 * the same index tells whether it is the same packet. 2 kB an SSRC.
 */
final class SentPackets {
  private static final int WINDOW_PACKETS = SrtpTransform.RESENDABLE_PACKETS;

  private final ReplayWindow window;
  private final int[] tags = new int[WINDOW_PACKETS];

  SentPackets(long first, int tag) {
    window = new ReplayWindow(WINDOW_PACKETS, first);
    tags[place(first)] = tag;
  }

  long highest() {
    return window.highest();
  }

  boolean isBehind(long index) {
    return window.isBehind(index);
  }

  /** Whether something else than the packet of this tag went out as this index. */
  boolean differs(long index, int tag) {
    return window.hasSeen(index) && tags[place(index)] != tag;
  }

  void add(long index, int tag) {
    window.see(index);
    tags[place(index)] = tag;
  }

  private static int place(long index) {
    return (int) index & WINDOW_PACKETS - 1;
  }
}
