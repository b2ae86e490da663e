package dev.sotto.media.allocation;

import java.util.List;

/**
 * A source that a receiver is subscribed to, as it is now.
 *
 * @param id chosen by the caller, the same from call to call
 * @param screenShare whether it is a screen; screens and pinned sources come first
 * @param pinned whether the receiver has asked for it by name
 * @param speakerRank 0 for the dominant speaker, 1 for the one before, and so on
 * @param muted whether its sender has switched it off: then it costs nothing
 * @param maxHeight what the receiver shows it at, in pixels; 0 for not at all
 * @param layers in rising order of quality and cost
 */
public record VideoSource(
    int id,
    boolean screenShare,
    boolean pinned,
    int speakerRank,
    boolean muted,
    int maxHeight,
    List<Layer> layers) {
  public VideoSource {
    layers = List.copyOf(layers);
  }

  boolean isPreferred() {
    return screenShare || pinned;
  }
}
