package dev.sotto.signalling.stream;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version in a stream header (RFC 6120 section 4.7.5): two numbers, leading zeros ignored. The
 * lower of both sides' versions is spoken, so that whoever speaks a later one speaks ours, too.
 */
sealed interface StreamVersion {

  /** What we say of ourselves. */
  String OURS = "1.0";

  /** 1.0 or later: 1.0 is spoken. */
  record Ours() implements StreamVersion {}

  /** From before XMPP 1.0, which is not spoken here. */
  record Earlier(String version) implements StreamVersion {}

  /** No version: the other side counts as 0.9, and is not told ours. */
  record None() implements StreamVersion {}

  /** Not a version. */
  record Malformed() implements StreamVersion {}

  Pattern FORM = Pattern.compile("0*([0-9]+)\\.0*([0-9]+)");

  /** Reads the attribute of a stream header. */
  static StreamVersion of(Optional<String> attribute) {
    if (attribute.isEmpty()) {
      return new None();
    }
    Matcher parts = FORM.matcher(attribute.get());
    if (!parts.matches()) {
      return new Malformed();
    }
    return parts.group(1).equals("0") ? new Earlier("0." + parts.group(2)) : new Ours();
  }

  /** Whether a stream can go on. */
  default boolean isSpoken() {
    return this instanceof Ours;
  }

  /** The version for the header that answers. */
  default Optional<String> answer() {
    return switch (this) {
      case Ours(), Malformed() -> Optional.of(OURS);
      case Earlier(String version) -> Optional.of(version);
      case None() -> Optional.empty();
    };
  }
}
