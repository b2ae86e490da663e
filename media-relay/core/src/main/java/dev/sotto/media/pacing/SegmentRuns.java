package dev.sotto.media.pacing;

/**
 * Makes runs of packets of one length, which the kernel takes as one message (UDP_SEGMENT: all
 * segments alike, the last at most that). Senders cut a frame into packets that differ by a byte,
 * which a byte of RTP padding (RFC 3550 section 5.1) evens out: under half the messages for a
 * thousandth more bytes.
 */
public final class SegmentRuns {
  private static final int MOST_PADDING_BYTES = 16;

  /** A packet is not made longer by more than this part of it. */
  private static final int SMALLEST_PART = 16;

  private SegmentRuns() {}

  /**
   * Decides how much padding each packet of a sequence gets. What is not worth padding begins
   * another run.
   *
   * @param lengths bytes of the packets, in the order in which they leave
   * @param count how many of them there are
   * @param padding what is decided, 0 to 16 each
   */
  public static void pad(int[] lengths, int count, int[] padding) {
    int first = 0;
    while (first < count) {
      first = padRun(lengths, first, count, padding);
    }
  }

  /** Where the next run begins. */
  private static int padRun(int[] lengths, int first, int count, int[] padding) {
    int longest = lengths[first];
    int shortest = longest;
    int next = first + 1;
    boolean open = true;
    while (open && next < count) {
      int length = lengths[next];
      if (length > longest) {
        open = length - shortest <= mostPadding(shortest);
        longest = open ? length : longest;
        next += open ? 1 : 0;
      } else {
        // One that is much shorter can only be the last.
        open = longest - length <= mostPadding(length);
        shortest = Math.min(shortest, length);
        next++;
      }
    }
    for (int i = first; i < next - 1; i++) {
      padding[i] = longest - lengths[i];
    }
    padding[next - 1] = 0;
    return next;
  }

  private static int mostPadding(int length) {
    return Math.min(MOST_PADDING_BYTES, length / SMALLEST_PART);
  }
}
