package dev.sotto.media.selection;

/**
 * Tells the receiver which decode targets it can expect (A.4). A change is carried by every packet
 * until a frame has gone out without which the receiver cannot go on: it knows the mask, or it has
 * lost the chain and knows that.
 */
final class MaskAnnouncement {
  private int mask;
  private int told;
  private boolean due;
  private long carriedBy = -1;

  /** A structure goes out, which by itself says that all are there. */
  void restart(int all) {
    change(mask, all);
  }

  void change(int newMask) {
    change(newMask, told);
  }

  private void change(int newMask, int known) {
    mask = newMask;
    told = known;
    due = mask != told;
    carriedBy = -1;
  }

  /** Whether the packet of a frame has to carry the mask, whatever else it has. */
  boolean isDue(long frame, boolean leanedOn) {
    if (due && carriedBy >= 0 && frame > carriedBy) {
      due = false;
      told = mask;
    }
    if (due && leanedOn && carriedBy < 0) {
      carriedBy = frame;
    }
    return due;
  }
}
