package dev.sotto.relay.link;

/** Why something failed, in one line for a log. */
final class Reasons {
  private static final int MAX_LENGTH = 200;

  private Reasons() {}

  static String of(Throwable thrown) {
    String message = thrown.getMessage();
    String text =
        message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message.strip();
    String plain = text.replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= MAX_LENGTH ? plain : plain.substring(0, MAX_LENGTH) + "...";
  }
}
