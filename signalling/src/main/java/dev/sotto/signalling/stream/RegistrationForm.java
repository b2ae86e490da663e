package dev.sotto.signalling.stream;

import dev.sotto.signalling.auth.Accounts.Outcome;
import dev.sotto.signalling.xml.Element;
import java.util.Optional;

/** The fields of in-band registration (XEP-0077), and what can be wrong with them. */
public record RegistrationForm(String username, String password) {

  /** Shortest password that a client may choose (NIST SP 800-63B section 3.1.1.2 has 8). */
  public static final int MIN_PASSWORD_CHARS = 8;

  /** What to tell who chose a shorter one. */
  public static final String TOO_SHORT =
      "the password must have at least " + MIN_PASSWORD_CHARS + " characters";

  /** When a store cannot be reached. */
  public static final StanzaError FAILED =
      new StanzaError(
          StanzaError.Condition.INTERNAL_SERVER_ERROR, "accounts cannot be changed now: try again");

  /** What a {@code <query/>} holds; fields that are not there are empty. */
  public static RegistrationForm of(Element query) {
    return new RegistrationForm(field(query, "username"), field(query, "password"));
  }

  private static String field(Element query, String name) {
    return query.child(Namespaces.REGISTER, name).map(Element::text).orElse("");
  }

  /** The fields to fill in. */
  static Element empty() {
    return Element.of(Namespaces.REGISTER, "query")
        .plus(
            Element.of(Namespaces.REGISTER, "instructions")
                .plus("Choose a name and a password of " + MIN_PASSWORD_CHARS + " or more."))
        .plus(Element.of(Namespaces.REGISTER, "username"))
        .plus(Element.of(Namespaces.REGISTER, "password"));
  }

  /** Whether the password is too easily guessed for its length alone. */
  public boolean isTooShort() {
    return password.codePointCount(0, password.length()) < MIN_PASSWORD_CHARS;
  }

  /** What to tell the client of a change that was not made. */
  public static Optional<StanzaError> problem(Outcome outcome) {
    return switch (outcome) {
      case DONE -> Optional.empty();
      case CONFLICT ->
          Optional.of(new StanzaError(StanzaError.Condition.CONFLICT, "the name is taken"));
      case NO_ACCOUNT ->
          Optional.of(
              new StanzaError(
                  StanzaError.Condition.NOT_ALLOWED,
                  "this account is not kept here: change it where it is"));
      case BAD_PASSWORD ->
          Optional.of(
              new StanzaError(
                  StanzaError.Condition.NOT_ACCEPTABLE,
                  "the password has characters that none may have (RFC 8265)"));
      case BUSY ->
          Optional.of(
              new StanzaError(
                  StanzaError.Condition.RESOURCE_CONSTRAINT, "too many are coming in: try again"));
    };
  }

  /** Never shows the password. */
  @Override
  public String toString() {
    return "RegistrationForm[" + username + "]";
  }
}
