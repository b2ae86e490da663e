package dev.sotto.relay.control;

import java.util.List;
import java.util.OptionalLong;

/**
 * The streams that an endpoint receives, whoever is in them: the relay rewrites sources into them.
 */
public record ReceiveSlots(List<Slot> audio, List<Slot> video) {
  /** No slots: the endpoint receives sources under their own SSRCs. */
  public static final ReceiveSlots NONE = new ReceiveSlots(List.of(), List.of());

  /** One stream to the endpoint, and that of its retransmissions. */
  public record Slot(long ssrc, OptionalLong rtxSsrc) {}

  public ReceiveSlots {
    audio = List.copyOf(audio);
    video = List.copyOf(video);
  }

  public boolean isEmpty() {
    return audio.isEmpty() && video.isEmpty();
  }
}
