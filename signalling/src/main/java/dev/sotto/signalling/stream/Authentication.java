package dev.sotto.signalling.stream;

import dev.sotto.signalling.auth.AuthenticatedUser;
import dev.sotto.signalling.auth.SaslPlain;
import dev.sotto.signalling.auth.TokenVerifier.Verdict;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.jid.JidEscaping;
import dev.sotto.signalling.stream.SaslFailure.Condition;
import dev.sotto.signalling.xml.Element;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's attempts at SASL PLAIN (RFC 6120 section 6, RFC 4616) with a JWT as password. The
 * token is verified away from the loop; until then the client waits.
 */
final class Authentication {

  private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
  private static final int MAX_ATTEMPTS = 3;

  private final StreamTransport transport;
  private final StreamContext context;
  private final Consumer<AuthenticatedUser> accepted;
  private final Consumer<StreamError> failed;
  private boolean verifying;
  private boolean ended;
  private int failedAttempts;

  Authentication(
      StreamTransport transport,
      StreamContext context,
      Consumer<AuthenticatedUser> accepted,
      Consumer<StreamError> failed) {
    this.transport = transport;
    this.context = context;
    this.accepted = accepted;
    this.failed = failed;
  }

  /** RFC 4616 carries the token in clear, so TLS or a connection that never leaves this host. */
  boolean mayUsePlain() {
    return transport.isEncrypted() || transport.remoteAddress().isLoopbackAddress();
  }

  /** Whether a token is being verified, and nothing else may be said. */
  boolean isVerifying() {
    return verifying;
  }

  /** The connection ends: a verdict that comes later is not heard. */
  void end() {
    ended = true;
  }

  /** {@code <auth/>}. */
  void onAuth(Element auth) {
    if (!mayUsePlain()) {
      refuse(Condition.ENCRYPTION_REQUIRED, "start TLS before authenticating");
      return;
    }
    if (!auth.attribute("mechanism").orElse("").equals("PLAIN")) {
      refuse(Condition.INVALID_MECHANISM, "the mechanism is PLAIN with a JWT as password");
      return;
    }
    Optional<SaslPlain> plain = SaslPlain.parse(auth.text());
    if (plain.isEmpty()) {
      refuse(Condition.MALFORMED_REQUEST, "not a PLAIN message (RFC 4616)");
      return;
    }
    verifying = true;
    SaslPlain message = plain.get();
    context
        .slowWork()
        .execute(() -> {
          Verdict verdict = verify(message.password());
          transport.execute(() -> onVerdict(message, verdict));
        });
  }

  /** {@code <abort/>}. */
  void onAbort() {
    refuse(Condition.ABORTED, "aborted");
  }

  private Verdict verify(String token) {
    try {
      return context.tokens().verify(token);
    } catch (RuntimeException e) {
      // The client must get its answer, whatever a token makes of a library.
      LOG.warn("a token of {} could not be verified", transport.remoteAddress(), e);
      return new Verdict.Refused("the token cannot be read");
    }
  }

  private void onVerdict(SaslPlain message, Verdict verdict) {
    if (ended) {
      return;
    }
    verifying = false;
    switch (verdict) {
      case Verdict.Expired() ->
          refuse(
              Condition.CREDENTIALS_EXPIRED, "the token has expired: ask your app for a new one");
      case Verdict.Refused(String reason) -> refuse(Condition.NOT_AUTHORIZED, reason);
      case Verdict.Accepted(AuthenticatedUser user) -> {
        if (!isSameUser(message.authenticationId(), user)) {
          refuse(Condition.NOT_AUTHORIZED, "the token is for another user");
        } else if (!message.authorizationId().isEmpty()
            && !isSameUser(message.authorizationId(), user)) {
          refuse(Condition.INVALID_AUTHZID, "users act for themselves");
        } else {
          context.counters().authSuccesses.increment();
          accepted.accept(user);
        }
      }
    }
  }

  /** Clients name the user as the app does, as a local part, or as a bare JID. */
  private boolean isSameUser(String name, AuthenticatedUser user) {
    Optional<String> asLocal = Jid.prepareLocal(name);
    Optional<String> escaped = Jid.prepareLocal(JidEscaping.escape(name));
    Jid account = new Jid(user.local(), context.domain(), "");
    return asLocal.equals(Optional.of(user.local()))
        || escaped.equals(Optional.of(user.local()))
        || Jid.parse(name).equals(Optional.of(account));
  }

  private void refuse(Condition condition, String text) {
    context.counters().authFailures.increment();
    failedAttempts++;
    transport.send(new SaslFailure(condition, text).toElement());
    if (failedAttempts >= MAX_ATTEMPTS) {
      failed.accept(
          new StreamError(StreamError.Condition.POLICY_VIOLATION, "too many failed attempts"));
    }
  }
}
