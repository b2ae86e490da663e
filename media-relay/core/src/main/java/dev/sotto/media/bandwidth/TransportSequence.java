package dev.sotto.media.bandwidth;

/**
 * Hands out the transport-wide sequence numbers of one receiver's transport
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 2): 16 bits, one step for each
 * packet of whatever stream, wrapping to 0.
 */
public final class TransportSequence {
  private int next;

  /**
   * @param first the first number handed out; its low 16 bits count
   */
  public TransportSequence(int first) {
    next = first & 0xffff;
  }

  /** The number of the packet that is sent now, 0 to 65535. */
  public int assign() {
    int assigned = next;
    next = next + 1 & 0xffff;
    return assigned;
  }

  /** How many steps {@code to} is ahead of {@code from}: −32768 to 32767, negative if behind. */
  public static int distance(int from, int to) {
    return (short) (to - from);
  }
}
