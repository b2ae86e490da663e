package dev.sotto.media.pacing;

/**
 * Makes packets that a probe is filled up with: retransmissions of what was sent lately, or padding
 * (RFC 3550, section 5.1; RFC 4588).
 */
public interface PaddingSource {
  /**
   * A packet to send now.
   *
   * @param wantedBytes about so much is wanted; one packet may have less or a little more
   * @return its handle, which the pacer's owner then gets from {@link Pacer#poll}, or {@link
   *     Pacer#NONE} if there is nothing to send
   */
  long nextPadding(int wantedBytes, long nowNanos);

  /** The size of the packet handed out last, in bytes, as the path sees it. */
  int paddingSizeBytes();
}
