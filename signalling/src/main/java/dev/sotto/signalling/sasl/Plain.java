package dev.sotto.signalling.sasl;

import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.Accounts.PasswordCheck;
import dev.sotto.signalling.auth.AuthenticatedUser;
import dev.sotto.signalling.auth.AuthenticatedUser.Proof;
import dev.sotto.signalling.auth.ScramKeys;
import dev.sotto.signalling.auth.TokenVerifier;
import dev.sotto.signalling.auth.UserName;
import dev.sotto.signalling.jid.Jid;
import java.util.Optional;

/**
 * PLAIN (RFC 4616) as its server: the password is a JWT, where it has the shape of one, or that of
 * an account. Waits for the client's one message.
 */
record Plain(SaslMethods methods, TokenCheck tokens, Accounts accounts, SaslChannel channel)
    implements SaslExchange {

  @Override
  public Step respond(byte[] bytes) {
    Optional<PlainMessage> message = PlainMessage.parse(bytes);
    if (message.isEmpty()) {
      return Step.refused(SaslCondition.MALFORMED_REQUEST, "not a PLAIN message (RFC 4616)");
    }
    return new Step.Slow(() -> check(message.get()));
  }

  private Step check(PlainMessage message) {
    boolean token =
        methods.tokens()
            && (!methods.passwords() || TokenVerifier.looksLikeToken(message.password()));
    Step outcome = token ? checkToken(message) : checkPassword(message);
    boolean forAnother =
        outcome instanceof Step.Success(AuthenticatedUser user, Optional<String> _)
            && !message.authorizationId().isEmpty()
            && !UserName.names(message.authorizationId(), user.jid());
    return forAnother
        ? Step.refused(SaslCondition.INVALID_AUTHZID, "users act for themselves")
        : outcome;
  }

  private Step checkToken(PlainMessage message) {
    Step outcome = tokens.check(message.password(), channel.domain());
    boolean another =
        outcome instanceof Step.Success(AuthenticatedUser user, Optional<String> _)
            && !UserName.names(message.authenticationId(), user.jid());
    return another
        ? Step.refused(SaslCondition.NOT_AUTHORIZED, "the token is for another user")
        : outcome;
  }

  private Step checkPassword(PlainMessage message) {
    Jid account =
        UserName.account(message.authenticationId(), channel.domain())
            .orElseGet(() -> new Jid("\0", channel.domain(), ""));
    long revision = accounts.revision();
    return switch (accounts.check(account, message.password())) {
      case PasswordCheck.Right(ScramKeys keys) ->
          new Step.Success(
              new AuthenticatedUser(
                  account.local(), account.domain(), new Proof.Password(keys, revision)),
              Optional.empty());
      case PasswordCheck.Wrong() ->
          Step.refused(SaslCondition.NOT_AUTHORIZED, "user or password is not right");
      case PasswordCheck.Busy() ->
          Step.refused(SaslCondition.TEMPORARY_AUTH_FAILURE, "too many are logging in: try again");
    };
  }
}
