package dev.sotto.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the flat JSON of health answers and log lines (RFC 8259). */
public final class Json {

  private Json() {}

  /** An object of texts, numbers, booleans, lists and objects; other values are written as text. */
  public static String write(Map<String, ?> object) {
    return object.entrySet().stream()
        .map(entry -> quote(entry.getKey()) + ":" + value(entry.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String value(Object value) {
    return switch (value) {
      case null -> "null";
      case Integer _, Long _, Boolean _ -> value.toString();
      case List<?> list ->
          list.stream().map(Json::value).collect(Collectors.joining(",", "[", "]"));
      case Map<?, ?> map ->
          write(
              map.entrySet().stream()
                  .collect(Collectors.toMap(e -> String.valueOf(e.getKey()), Map.Entry::getValue)));
      default -> quote(value.toString());
    };
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        default -> {
          if (c < ' ' || Character.isSurrogate(c)) {
            quoted.append("\\u").append("%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
