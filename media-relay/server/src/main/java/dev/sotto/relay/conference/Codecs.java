package dev.sotto.relay.conference;

import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.PayloadType;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The formats that the endpoints of one conference have named, as small numbers: two payload types
 * are of one number when what is sent as the one can be decoded as the other. Bounded by the
 * payload types of the conference's endpoints.
 */
final class Codecs {
  private final Map<String, Integer> numbers = new HashMap<>();

  int numberOf(MediaKind kind, PayloadType type) {
    return numbers.computeIfAbsent(key(kind, type), _ -> numbers.size());
  }

  private static String key(MediaKind kind, PayloadType type) {
    String name = type.name().toLowerCase(Locale.ROOT);
    // One channel is what is meant when none is named.
    return String.join(
        "/",
        List.of(
            kind.name(),
            name,
            Integer.toString(type.clockRateHz()),
            Integer.toString(Math.max(1, type.channels())),
            parameters(name, type.parameters())));
  }

  /** Of the format parameters those that decide whether a decoder understands the stream. */
  private static String parameters(String name, Map<String, String> parameters) {
    return switch (name) {
      // RFC 6184 section 8.1: profile without level, and how packets are made.
      case "h264" -> {
        String profile = parameters.getOrDefault("profile-level-id", "42000a");
        yield profile.substring(0, Math.min(4, profile.length())).toLowerCase(Locale.ROOT)
            + ";"
            + parameters.getOrDefault("packetization-mode", "0");
      }
      case "vp9" -> parameters.getOrDefault("profile-id", "0");
      case "av1" -> parameters.getOrDefault("profile", "0");
      // RFC 2198 section 5: the payload types of the blocks, which stand in the payload.
      case "red" -> parameters.getOrDefault("", "");
      default -> "";
    };
  }
}
