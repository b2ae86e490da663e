package dev.sotto.media.allocation;

/**
 * Bounds on what a receiver gets.
 *
 * @param lastN so many sources at most; negative for any number
 * @param reservedBps part of the target for audio and retransmissions
 */
public record AllocationLimits(int lastN, long reservedBps) {
  public static final int ANY_NUMBER = -1;
}
