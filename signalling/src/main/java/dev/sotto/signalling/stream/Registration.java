package dev.sotto.signalling.stream;

import dev.sotto.signalling.auth.Accounts.Outcome;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.xml.Element;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes accounts for clients that have none yet (XEP-0077 section 3.1), before authentication. Keys
 * are derived away from the loop; until then the client waits.
 */
final class Registration {

  private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

  private final StreamTransport transport;
  private final StreamContext context;
  private boolean working;
  private boolean ended;

  Registration(StreamTransport transport, StreamContext context) {
    this.transport = transport;
    this.context = context;
  }

  /** Only where the operator wants it, in the main domain, and where no password would be seen. */
  boolean isOffered(boolean confidential, String domain) {
    return confidential
        && context.signIn().registration().isPresent()
        && domain.equals(context.domain());
  }

  boolean isWorking() {
    return working;
  }

  void end() {
    ended = true;
  }

  /** A request; false if it is none of registration. */
  boolean onElement(Element iq) {
    Optional<Element> query = iq.child(Namespaces.REGISTER, "query");
    String type = iq.attribute("type").orElse("");
    if (!iq.is(Namespaces.CLIENT, "iq") || query.isEmpty()) {
      return false;
    }
    if (type.equals("get")) {
      transport.send(result(iq).plus(RegistrationForm.empty()));
      return true;
    }
    if (!type.equals("set")) {
      return false;
    }
    register(iq, RegistrationForm.of(query.get()));
    return true;
  }

  private void register(Element iq, RegistrationForm form) {
    Optional<Jid> account =
        Jid.prepareLocal(form.username()).map(local -> new Jid(local, context.domain(), ""));
    if (form.username().isEmpty() || form.password().isEmpty()) {
      refuse(iq, StanzaError.Condition.NOT_ACCEPTABLE, "send username and password");
    } else if (account.isEmpty()) {
      refuse(iq, StanzaError.Condition.NOT_ACCEPTABLE, "the name cannot be one (RFC 7622)");
    } else if (form.isTooShort()) {
      refuse(iq, StanzaError.Condition.NOT_ACCEPTABLE, RegistrationForm.TOO_SHORT);
    } else if (!context
        .signIn()
        .registration()
        .orElseThrow()
        .allows(transport.remoteAddress(), context.nanoClock().getAsLong())) {
      refuse(
          iq,
          StanzaError.Condition.RESOURCE_CONSTRAINT,
          "too many accounts were made from your address: try again in an hour");
    } else {
      working = true;
      context
          .slowWork()
          .execute(() -> {
            Optional<StanzaError> problem = create(account.get(), form.password());
            transport.execute(() -> onDone(iq, problem));
          });
    }
  }

  private Optional<StanzaError> create(Jid account, String password) {
    try {
      Outcome outcome = context.signIn().accounts().create(account, password);
      return RegistrationForm.problem(outcome);
    } catch (RuntimeException e) {
      LOG.warn("the account {} could not be made", account, e);
      return Optional.of(RegistrationForm.FAILED);
    }
  }

  private void onDone(Element iq, Optional<StanzaError> problem) {
    if (!ended) {
      working = false;
      transport.send(problem.map(error -> error.answerTo(iq)).orElseGet(() -> result(iq)));
    }
  }

  private void refuse(Element iq, StanzaError.Condition condition, String text) {
    transport.send(new StanzaError(condition, text).answerTo(iq));
  }

  private static Element result(Element iq) {
    Element result = Element.of(Namespaces.CLIENT, "iq", "type", "result");
    return iq.attribute("id").map(id -> result.with("id", id)).orElse(result);
  }
}
