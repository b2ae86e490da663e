package dev.sotto.signalling.service;

import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.Accounts.Outcome;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.routing.Revocations;
import dev.sotto.signalling.routing.Session;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.RegistrationForm;
import dev.sotto.signalling.stream.StanzaError;
import dev.sotto.signalling.xml.Element;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a user may do with their account (XEP-0077 sections 3.2 and 3.3): change its password, which
 * ends its other sessions, and delete it, which ends all. Work is done away from the loop.
 */
public final class AccountService implements IqHandler {

  private static final Logger LOG = LoggerFactory.getLogger(AccountService.class);

  private final Accounts accounts;
  private final Executor slowWork;

  /** Changes {@code accounts}, on {@code slowWork}. */
  public AccountService(Accounts accounts, Executor slowWork) {
    this.accounts = accounts;
    this.slowWork = slowWork;
  }

  @Override
  public List<String> features() {
    return List.of(Namespaces.REGISTER);
  }

  @Override
  public boolean handles(String type, Element payload, Jid to) {
    return payload.is(Namespaces.REGISTER, "query");
  }

  @Override
  public Answer answer(Session sender, String type, Element payload, Jid to) {
    Jid account = sender.jid().bare();
    if (type.equals("get")) {
      return new Answer.Later(later(() -> form(account)));
    }
    if (payload.child(Namespaces.REGISTER, "remove").isPresent()) {
      return payload.elements().count() == 1
          ? new Answer.Later(later(() -> delete(sender.jid())))
          : failure(StanzaError.Condition.BAD_REQUEST, "remove stands alone");
    }
    RegistrationForm form = RegistrationForm.of(payload);
    if (form.username().isEmpty() || form.password().isEmpty()) {
      return failure(StanzaError.Condition.BAD_REQUEST, "send username and password");
    }
    if (!Jid.prepareLocal(form.username()).equals(Optional.of(account.local()))) {
      return failure(StanzaError.Condition.NOT_ALLOWED, "users change their own password only");
    }
    if (form.isTooShort()) {
      return failure(StanzaError.Condition.NOT_ACCEPTABLE, RegistrationForm.TOO_SHORT);
    }
    return new Answer.Later(
        later(() ->
            answerTo(
                accounts.changePassword(account, form.password(), Optional.of(sender.jid())))));
  }

  private Answer delete(Jid device) {
    Outcome outcome = accounts.delete(device.bare(), Optional.of(device));
    return outcome == Outcome.DONE
        ? new Answer.Farewell(Revocations.DELETED) // after the answer, which the client awaits
        : answerTo(outcome);
  }

  private Answer form(Jid account) {
    Element query = Element.of(Namespaces.REGISTER, "query");
    if (accounts.find(account).isPresent()) {
      query =
          query
              .plus(Element.of(Namespaces.REGISTER, "registered"))
              .plus(Element.of(Namespaces.REGISTER, "username").plus(account.local()))
              .plus(Element.of(Namespaces.REGISTER, "password"));
    }
    return Answer.of(query);
  }

  private CompletableFuture<Answer> later(Supplier<Answer> work) {
    return CompletableFuture.supplyAsync(work, slowWork)
        .exceptionally(e -> {
          LOG.warn("an account could not be read or changed", e);
          return new Answer.Failure(RegistrationForm.FAILED);
        });
  }

  private static Answer answerTo(Outcome outcome) {
    return RegistrationForm.problem(outcome)
        .<Answer>map(Answer.Failure::new)
        .orElseGet(Answer::done);
  }

  private static Answer failure(StanzaError.Condition condition, String text) {
    return new Answer.Failure(new StanzaError(condition, text));
  }
}
