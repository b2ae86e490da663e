package dev.sotto.signalling.jid;

import java.util.Locale;

/**
 * XEP-0106: writes the characters that a local part may not contain as {@code \20} and the like, so
 * that any user name of an app, such as an e-mail address, has a JID.
 */
public final class JidEscaping {

  private static final String ESCAPED = " \"&'/:<>@";

  private JidEscaping() {}

  /** The local part for {@code user}; the inverse of {@link #unescape}. */
  public static String escape(String user) {
    StringBuilder out = new StringBuilder(user.length() + 8);
    for (int i = 0; i < user.length(); i++) {
      char c = user.charAt(i);
      boolean looksEscaped = c == '\\' && isEscape(user, i);
      if (ESCAPED.indexOf(c) >= 0 || looksEscaped) {
        out.append('\\').append(String.format("%02x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** The user name behind a local part. */
  public static String unescape(String local) {
    StringBuilder out = new StringBuilder(local.length());
    int i = 0;
    while (i < local.length()) {
      char c = local.charAt(i);
      if (c == '\\' && isEscape(local, i)) {
        out.append((char) Integer.parseInt(local.substring(i + 1, i + 3), 16));
        i += 3;
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  private static boolean isEscape(String text, int at) {
    if (at + 2 >= text.length()) {
      return false;
    }
    // In either case, since preparing the local part maps capitals to small letters.
    String hex = text.substring(at + 1, at + 3).toLowerCase(Locale.ROOT);
    return switch (hex) {
      case "20", "22", "26", "27", "2f", "3a", "3c", "3e", "40", "5c" -> true;
      default -> false;
    };
  }
}
