package dev.sotto.turn;

/** Which channel numbers clients may bind. */
public enum ChannelRange {
  /**
   * RFC 8656 section 12: leaves the rest of the first byte to other protocols on the same port (RFC
   * 7983).
   */
  RFC8656(0x4000, 0x4FFF),
  /** RFC 5766 section 11, for clients that have not heard of its successor. */
  RFC5766(0x4000, 0x7FFE);

  private final int first;
  private final int last;

  ChannelRange(int first, int last) {
    this.first = first;
    this.last = last;
  }

  public int first() {
    return first;
  }

  public int last() {
    return last;
  }
}
