package dev.sotto.signalling.sasl;

import dev.sotto.signalling.auth.AuthenticatedUser;
import dev.sotto.signalling.auth.UserName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * OAUTHBEARER (RFC 7628) as its server, with a JWT as bearer token. Who the client is stands in the
 * token; an authorization identity, if there is one, must agree. Waits for the client's message.
 */
record OAuthBearer(TokenCheck tokens, SaslChannel channel) implements SaslExchange {

  private static final char SEPARATOR = '\1';
  private static final String SCHEME = "bearer ";

  /** RFC 7628 section 3.2.2; the codes are those of RFC 6750 section 3.1. */
  private static final String INVALID_TOKEN = "{\"status\":\"invalid_token\"}";

  @Override
  public Step respond(byte[] message) {
    Optional<String> text = SaslText.decodeUtf8(message);
    Optional<Gs2Header> header = text.flatMap(Gs2Header::parse);
    Optional<String> authorization =
        header.flatMap(
            found -> pairs(text.get().substring(found.text().length())).flatMap(OAuthBearer::auth));
    if (authorization.isEmpty() || header.get().binding() instanceof Gs2Header.Binding.Bound) {
      return Step.refused(
          SaslCondition.MALFORMED_REQUEST, "not an OAUTHBEARER message (RFC 7628 section 3.1)");
    }
    return new Step.Slow(() -> check(header.get().authorizationId(), authorization.get()));
  }

  private Step check(String authorizationId, String authorization) {
    // Without a value the client asks what it would take (section 4.3): a token.
    boolean bearer = authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME);
    Step outcome =
        bearer
            ? tokens.check(authorization.substring(SCHEME.length()).strip(), channel.domain())
            : Step.refused(SaslCondition.NOT_AUTHORIZED, "auth must be Bearer and a token");
    return switch (outcome) {
      case Step.Success(AuthenticatedUser user, Optional<String> _)
          when !authorizationId.isEmpty() && !UserName.names(authorizationId, user.jid()) ->
          Step.refused(SaslCondition.INVALID_AUTHZID, "users act for themselves");
      // Section 3.2.3: what is wrong, then whatever the client says, then the failure.
      case Step.Refused refused -> new Step.Challenge(INVALID_TOKEN, _ -> refused);
      default -> outcome;
    };
  }

  /** {@code SEPARATOR *(key=value SEPARATOR) SEPARATOR}. */
  private static Optional<List<String>> pairs(String text) {
    if (text.length() < 2
        || text.charAt(0) != SEPARATOR
        || text.charAt(text.length() - 1) != SEPARATOR) {
      return Optional.empty();
    }
    List<String> pairs = new ArrayList<>();
    int start = 1;
    while (start < text.length() - 1) {
      int end = text.indexOf(SEPARATOR, start);
      String pair = text.substring(start, end);
      if (!isPair(pair) || end == text.length() - 1) {
        return Optional.empty();
      }
      pairs.add(pair);
      start = end + 1;
    }
    return Optional.of(pairs);
  }

  private static boolean isPair(String pair) {
    int equals = pair.indexOf('=');
    return equals > 0
        && pair.substring(0, equals).chars().allMatch(c -> Character.isLetter(c) && c < 0x7f)
        && pair.chars()
            .allMatch(c -> (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n');
  }

  private static Optional<String> auth(List<String> pairs) {
    List<String> values =
        pairs.stream()
            .filter(pair -> pair.startsWith("auth="))
            .map(pair -> pair.substring("auth=".length()))
            .toList();
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }
}
