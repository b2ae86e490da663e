package dev.sotto.config.settings;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A value that is never printed: {@link #toString} hides it, so no log or error can show it. */
public record Secret(String value) {

  public Secret {
    Objects.requireNonNull(value);
  }

  /** The secret's UTF-8 bytes. */
  public byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
