package dev.sotto.relay.control;

import java.util.List;
import java.util.Optional;

/**
 * A microphone, camera or screen that an endpoint sends.
 *
 * @param id unique in the conference
 * @param mid of the media section that carries it (RFC 8843 section 9.2); needed where encodings
 *     have no SSRC
 * @param encodings of the same picture, in rising order of quality
 */
public record SourceDescription(
    String id, SourceKind kind, Optional<String> mid, List<Encoding> encodings) {
  public SourceDescription {
    encodings = List.copyOf(encodings);
  }
}
