package dev.sotto.media.allocation;

/**
 * What one source gets.
 *
 * @param layer index into its layers, or {@link #NO_LAYER} unless forwarded
 */
public record Grant(int sourceId, Outcome outcome, int layer) {
  public static final int NO_LAYER = -1;
}
