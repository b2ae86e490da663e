package dev.sotto.config.settings;

/** A user with a lasting password, written {@code name:password}. */
public record UserAccount(String name, Secret password) {

  static UserAccount parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || colon == text.length() - 1) {
      throw new IllegalArgumentException();
    }
    return new UserAccount(text.substring(0, colon), new Secret(text.substring(colon + 1)));
  }
}
