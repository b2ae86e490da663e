package dev.sotto.relay.control;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** Strings of those who send requests, which end up in XML, JSON and log lines. */
public final class Texts {
  /** Enough to recognise a value in an error message; it may be hostile and long. */
  private static final int SHOWN = 48;

  private Texts() {}

  /** Whether XML can carry it and a log line stays one line: no controls, no half surrogates. */
  static boolean isPlain(String text) {
    return text.codePoints().allMatch(Texts::isPlain);
  }

  /** How a message names a value: in quotes, cut, and plain whatever it holds. */
  public static String quoted(String text) {
    int end = Math.min(text.length(), SHOWN);
    String shown =
        text.substring(0, end)
            .codePoints()
            .map(c -> isPlain(c) ? c : '?')
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
    return "'" + shown + (end < text.length() ? "...'" : "'");
  }

  /** Names of an enum as messages and the wire have them: in lower case. */
  public static String lower(Object name) {
    return name.toString().toLowerCase(Locale.ROOT);
  }

  /** {@code a, b or c}. */
  public static String oneOf(Collection<?> values) {
    String all = values.stream().map(Texts::lower).collect(Collectors.joining(", "));
    int last = all.lastIndexOf(", ");
    return last < 0 ? all : all.substring(0, last) + " or " + all.substring(last + 2);
  }

  private static boolean isPlain(int codePoint) {
    return !Character.isISOControl(codePoint)
        && Character.getType(codePoint) != Character.SURROGATE
        && Character.getType(codePoint) != Character.LINE_SEPARATOR
        && Character.getType(codePoint) != Character.PARAGRAPH_SEPARATOR
        && (codePoint & 0xfffe) != 0xfffe;
  }
}
