package dev.sotto.config.doctor;

import java.util.Optional;

/** What one check found, in one line, and what to do about it. */
public record Finding(Grade grade, String text, Optional<String> remedy) {

  /** How bad it is. */
  public enum Grade {
    OK,
    WARN,
    FAIL
  }

  static Finding ok(String text) {
    return new Finding(Grade.OK, text, Optional.empty());
  }

  static Finding warn(String text, String remedy) {
    return new Finding(Grade.WARN, text, Optional.of(remedy));
  }

  static Finding fail(String text, String remedy) {
    return new Finding(Grade.FAIL, text, Optional.of(remedy));
  }
}
