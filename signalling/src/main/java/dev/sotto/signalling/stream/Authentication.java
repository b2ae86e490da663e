package dev.sotto.signalling.stream;

import dev.sotto.signalling.auth.AuthenticatedUser;
import dev.sotto.signalling.sasl.ChannelBindingType;
import dev.sotto.signalling.sasl.SaslChannel;
import dev.sotto.signalling.sasl.SaslCondition;
import dev.sotto.signalling.sasl.SaslExchange;
import dev.sotto.signalling.sasl.SaslExchange.Step;
import dev.sotto.signalling.sasl.SaslText;
import dev.sotto.signalling.xml.Element;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's attempts at SASL (RFC 6120 section 6): carries the messages of a mechanism between
 * the stream and its {@link SaslExchange}. What takes long runs away from the loop; until then the
 * client waits.
 */
final class Authentication {

  private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
  private static final int MAX_ATTEMPTS = 3;

  private final StreamTransport transport;
  private final StreamContext context;
  private final Consumer<AuthenticatedUser> accepted;
  private final Consumer<StreamError> failed;
  private final Registration registration;
  private String domain;
  private Optional<SaslExchange> exchange = Optional.empty();
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
    this.registration = new Registration(transport, context);
    this.domain = context.domain();
  }

  /** Passwords and tokens need TLS, or a connection that never leaves this host. */
  boolean isConfidential() {
    return transport.isEncrypted() || transport.remoteAddress().isLoopbackAddress();
  }

  /** Whether something is being looked up, and nothing else may be said. */
  boolean isVerifying() {
    return verifying || registration.isWorking();
  }

  /** The connection ends: a verdict that comes later is not heard. */
  void end() {
    ended = true;
    registration.end();
  }

  /** A stream to {@code domain} begins, in which nobody has authenticated. */
  void begin(String toDomain) {
    domain = toDomain;
    exchange = Optional.empty(); // what was said before TLS is forgotten (RFC 6120 section 5.4.3.3)
  }

  /** Adds what this stream is offered (RFC 6120 section 6.4.1, XEP-0440, XEP-0077 section 8). */
  Element withFeatures(Element features) {
    SaslChannel channel = channel();
    List<String> mechanisms = context.signIn().sasl().mechanisms(channel);
    List<ChannelBindingType> bindings = context.signIn().sasl().bindingTypes(channel);
    Element all = features;
    if (!bindings.isEmpty()) {
      Element list = Element.of(Namespaces.CHANNEL_BINDING, "sasl-channel-binding");
      for (ChannelBindingType type : bindings) {
        list =
            list.plus(
                Element.of(Namespaces.CHANNEL_BINDING, "channel-binding", "type", type.wireName()));
      }
      all = all.plus(list);
    }
    if (!mechanisms.isEmpty()) {
      Element list = Element.of(Namespaces.SASL, "mechanisms");
      for (String mechanism : mechanisms) {
        list = list.plus(Element.of(Namespaces.SASL, "mechanism").plus(mechanism));
      }
      all = all.plus(list);
    }
    return registration.isOffered(isConfidential(), domain)
        ? all.plus(Element.of(Namespaces.REGISTER_FEATURE, "register"))
        : all;
  }

  /** One element of the client; false if it has no place here. */
  boolean onElement(Element element) {
    if (element.is(Namespaces.SASL, "auth")) {
      onAuth(element);
    } else if (element.is(Namespaces.SASL, "abort")) {
      exchange = Optional.empty();
      refuse(SaslCondition.ABORTED, "aborted", true);
    } else if (element.is(Namespaces.SASL, "response") && exchange.isPresent()) {
      // Here an empty element and one that says so both hold no bytes.
      continueWith(element.text().isEmpty() ? SaslText.ZERO_LENGTH : element.text());
    } else {
      return registration.isOffered(isConfidential(), domain) && registration.onElement(element);
    }
    return true;
  }

  private void onAuth(Element auth) {
    exchange = Optional.empty();
    if (!isConfidential()) {
      refuse(SaslCondition.ENCRYPTION_REQUIRED, "start TLS before authenticating", true);
      return;
    }
    SaslChannel channel = channel();
    String mechanism = auth.attribute("mechanism").orElse("");
    exchange = context.signIn().sasl().begin(mechanism, channel);
    if (exchange.isEmpty()) {
      String offered = String.join(", ", context.signIn().sasl().mechanisms(channel));
      refuse(SaslCondition.INVALID_MECHANISM, "the mechanisms here are " + offered, true);
    } else if (auth.text().isEmpty()) {
      challenge(""); // all mechanisms here begin with the client (RFC 4422 section 5)
    } else {
      continueWith(auth.text());
    }
  }

  private void continueWith(String base64) {
    SaslExchange now = exchange.orElseThrow();
    exchange = Optional.empty(); // it takes one message only
    Optional<byte[]> message =
        base64.equals(SaslText.ZERO_LENGTH)
            ? Optional.of(new byte[0])
            : SaslText.decodeBase64(base64);
    if (message.isEmpty()) {
      refuse(SaslCondition.INCORRECT_ENCODING, "not base64 (RFC 4648 section 4)", true);
    } else {
      take(now.respond(message.get()));
    }
  }

  private void take(Step step) {
    switch (step) {
      case Step.Slow(Supplier<Step> work) -> {
        verifying = true;
        context
            .slowWork()
            .execute(() -> {
              Step next = run(work);
              transport.execute(() -> onVerdict(next));
            });
      }
      case Step.Challenge(String data, SaslExchange next) -> {
        exchange = Optional.of(next);
        challenge(data);
      }
      case Step.Refused(SaslCondition condition, String text, boolean attempt) ->
          refuse(condition, text, attempt);
      case Step.Success(AuthenticatedUser user, Optional<String> data) -> {
        context.counters().authSuccesses.increment();
        Element success = Element.of(Namespaces.SASL, "success");
        transport.send(data.map(SaslText::encodeBase64).map(success::plus).orElse(success));
        if (!ended) { // sending may have found the client's queue full
          accepted.accept(user);
        }
      }
    }
  }

  private Step run(Supplier<Step> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      // The client must get its answer, whatever a message makes of a library or a store.
      LOG.warn("the login of {} could not be checked", transport.remoteAddress(), e);
      return Step.refused(SaslCondition.TEMPORARY_AUTH_FAILURE, "the server failed: try again");
    }
  }

  private void onVerdict(Step next) {
    if (!ended) {
      verifying = false;
      take(next);
    }
  }

  /**
   * The user has a device in the router now. If a password was revoked while they came in, nobody
   * told this stream: looks again.
   */
  void confirm(AuthenticatedUser user) {
    if (context.signIn().accounts().isCurrent(user)) {
      return;
    }
    context
        .slowWork()
        .execute(() -> {
          boolean holds = stillHolds(user);
          transport.execute(() -> {
            if (!holds) {
              failed.accept(
                  new StreamError(
                      StreamError.Condition.NOT_AUTHORIZED, "the password is no longer good"));
            }
          });
        });
  }

  private boolean stillHolds(AuthenticatedUser user) {
    try {
      return context.signIn().accounts().stillHolds(user);
    } catch (RuntimeException e) {
      LOG.warn("the account of {} could not be checked again", user.jid(), e);
      return false;
    }
  }

  private SaslChannel channel() {
    return new SaslChannel(domain, isConfidential(), transport::channelBinding);
  }

  private void challenge(String data) {
    transport.send(Element.of(Namespaces.SASL, "challenge").plus(SaslText.encodeBase64(data)));
  }

  private void refuse(SaslCondition condition, String text, boolean attempt) {
    context.counters().authFailures.increment();
    if (attempt) {
      failedAttempts++;
    }
    transport.send(new SaslFailure(condition, text).toElement());
    if (failedAttempts >= MAX_ATTEMPTS) {
      failed.accept(
          new StreamError(StreamError.Condition.POLICY_VIOLATION, "too many failed attempts"));
    }
  }
}
