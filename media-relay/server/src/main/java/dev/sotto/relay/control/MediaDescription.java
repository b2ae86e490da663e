package dev.sotto.relay.control;

import java.util.List;

/**
 * How one kind of media is carried between an endpoint and the relay.
 *
 * @param extmapAllowMixed whether one-byte and two-byte header extensions may be mixed (RFC 8285)
 */
public record MediaDescription(
    MediaKind kind,
    List<PayloadType> payloadTypes,
    List<HeaderExtension> headerExtensions,
    boolean extmapAllowMixed) {
  public MediaDescription {
    payloadTypes = List.copyOf(payloadTypes);
    headerExtensions = List.copyOf(headerExtensions);
  }
}
