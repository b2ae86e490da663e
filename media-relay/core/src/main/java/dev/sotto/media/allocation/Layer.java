package dev.sotto.media.allocation;

/**
 * One thing that a source can be forwarded as: a simulcast encoding or an SVC layer, at one of its
 * frame rates.
 *
 * @param bitrateBps measured over a second or more, with all layers that it depends on and headers;
 *     0 while the sender does not send it, which makes it unavailable
 * @param height of the picture in pixels
 * @param fps frames a second
 */
public record Layer(long bitrateBps, int height, double fps) {
  public Layer {
    if (bitrateBps < 0 || height < 0 || !(fps >= 0)) {
      throw new IllegalArgumentException(
          "bitrate %d, height %d and fps %s must not be negative"
              .formatted(bitrateBps, height, fps));
    }
  }
}
