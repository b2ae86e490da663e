package dev.sotto.turn.protocol;

/**
 * Makes what a client chose fit for a log line: printable ASCII, bounded, unable to fake a line or
 * a field.
 */
final class LogSafe {
  private static final int MAXIMUM_CHARACTERS = 64;

  private LogSafe() {}

  static String text(String chosenByClient) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < chosenByClient.length() && safe.length() < MAXIMUM_CHARACTERS; i++) {
      char c = chosenByClient.charAt(i);
      boolean plain = c > ' ' && c < 0x7F && c != '\\' && c != '"' && c != '=';
      if (plain) {
        safe.append(c);
      } else {
        safe.append(String.format("\\u%04x", (int) c));
      }
    }
    return safe.toString();
  }
}
