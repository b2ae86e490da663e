package dev.sotto.turn.auth;

import dev.sotto.turn.TurnClock;
import dev.sotto.turn.auth.Authentication.Challenged;
import dev.sotto.turn.auth.Authentication.Genuine;
import dev.sotto.turn.auth.Authentication.Malformed;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.ErrorCode;
import dev.sotto.turn.stun.IntegrityAlgorithm;
import dev.sotto.turn.stun.MessageIntegrity;
import dev.sotto.turn.stun.StunMessage;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * The server's side of the long-term credential mechanism (RFC 8489 section 9.2.4). Keeps nothing
 * between requests; one instance an event loop.
 */
public final class Authenticator {
  private final String realm;
  private final Credentials credentials;
  private final Nonces nonces;
  private final TurnClock clock;
  private final MessageIntegrity integrity;

  public Authenticator(
      String realm,
      Credentials credentials,
      Nonces nonces,
      TurnClock clock,
      MessageIntegrity integrity) {
    this.realm = realm;
    this.credentials = credentials;
    this.nonces = nonces;
    this.clock = clock;
    this.integrity = integrity;
  }

  public Authentication check(StunMessage request, InetSocketAddress client) {
    Optional<IntegrityAlgorithm> algorithm = algorithmOf(request);
    if (algorithm.isEmpty()) {
      return new Challenged(ErrorCode.UNAUTHENTICATED);
    }
    int nonce = request.indexOf(AttributeType.NONCE);
    boolean named = request.has(AttributeType.USERNAME) || request.has(AttributeType.USERHASH);
    Optional<PasswordAlgorithm> passwordAlgorithm = PasswordAlgorithm.chosenIn(request);
    if (!named || nonce < 0 || !request.has(AttributeType.REALM) || passwordAlgorithm.isEmpty()) {
      return new Malformed();
    }
    return genuine(request, passwordAlgorithm.get(), algorithm.get())
        .<Authentication>map(genuine ->
            nonces.isValid(request.bytes(nonce), client)
                ? genuine
                : new Challenged(ErrorCode.STALE_NONCE))
        .orElseGet(() -> new Challenged(ErrorCode.UNAUTHENTICATED));
  }

  private Optional<Genuine> genuine(
      StunMessage request, PasswordAlgorithm passwordAlgorithm, IntegrityAlgorithm algorithm) {
    return candidates(request).stream()
        .map(user -> new Genuine(user, user.key(passwordAlgorithm, realm), algorithm))
        .filter(candidate -> integrity.verify(request, algorithm, candidate.key().bytes()))
        .findFirst();
  }

  private List<Credential> candidates(StunMessage request) {
    int username = request.indexOf(AttributeType.USERNAME);
    return username >= 0
        ? credentials.find(request.text(username), clock.epochSeconds())
        : credentials.findByHash(request.bytes(request.indexOf(AttributeType.USERHASH)));
  }

  /** The stronger attribute counts when a request carries both. */
  private static Optional<IntegrityAlgorithm> algorithmOf(StunMessage request) {
    if (request.has(AttributeType.MESSAGE_INTEGRITY_SHA256)) {
      return Optional.of(IntegrityAlgorithm.HMAC_SHA256);
    }
    return request.has(AttributeType.MESSAGE_INTEGRITY)
        ? Optional.of(IntegrityAlgorithm.HMAC_SHA1)
        : Optional.empty();
  }
}
