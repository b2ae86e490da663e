package dev.sotto.signalling.sasl;

import java.util.Optional;

/**
 * How SCRAM and OAUTHBEARER messages begin (RFC 5801 section 4, RFC 5802 section 7): {@code
 * flag,[a=authzid],}.
 *
 * @param authorizationId empty if there is none
 * @param text the header as it was sent, both commas included
 */
record Gs2Header(Binding binding, String authorizationId, String text) {

  /** What the client says of channel binding. */
  sealed interface Binding {

    /** {@code n}: it cannot. */
    record Unsupported() implements Binding {}

    /** {@code y}: it could, but believes that the server cannot. */
    record Unused() implements Binding {}

    /** {@code p=NAME}: it does. */
    record Bound(String type) implements Binding {}
  }

  /** Reads the header that {@code message} begins with; empty if there is none. */
  static Optional<Gs2Header> parse(String message) {
    int first = message.indexOf(',');
    int second = message.indexOf(',', first + 1);
    if (first < 0 || second < 0) {
      return Optional.empty();
    }
    Optional<Binding> binding = binding(message.substring(0, first));
    String identity = message.substring(first + 1, second);
    Optional<String> authorizationId =
        identity.isEmpty()
            ? Optional.of("")
            : identity.startsWith("a=")
                ? decodeName(identity.substring(2)).filter(name -> !name.isEmpty())
                : Optional.empty();
    return binding.flatMap(how ->
        authorizationId.map(name -> new Gs2Header(how, name, message.substring(0, second + 1))));
  }

  private static Optional<Binding> binding(String flag) {
    return switch (flag) {
      case "n" -> Optional.of(new Binding.Unsupported());
      case "y" -> Optional.of(new Binding.Unused());
      default ->
          flag.startsWith("p=") && isBindingName(flag.substring(2))
              ? Optional.of(new Binding.Bound(flag.substring(2)))
              : Optional.empty();
    };
  }

  private static boolean isBindingName(String name) {
    return !name.isEmpty()
        && name.chars()
            .allMatch(c ->
                (c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || c == '.'
                    || c == '-');
  }

  /**
   * {@code saslname}: comma and equals sign are {@code =2C} and {@code =3D}, NUL is not allowed.
   */
  static Optional<String> decodeName(String encoded) {
    StringBuilder name = new StringBuilder(encoded.length());
    int i = 0;
    while (i < encoded.length()) {
      char c = encoded.charAt(i);
      if (c == '=') {
        if (encoded.startsWith("=2C", i)) {
          name.append(',');
        } else if (encoded.startsWith("=3D", i)) {
          name.append('=');
        } else {
          return Optional.empty();
        }
        i += 3;
      } else if (c == 0 || c == ',') {
        return Optional.empty();
      } else {
        name.append(c);
        i++;
      }
    }
    return Optional.of(name.toString());
  }
}
