package dev.sotto.signalling.stream;

import dev.sotto.signalling.auth.AuthenticatedUser;
import dev.sotto.signalling.auth.SaslPlain;
import dev.sotto.signalling.auth.TokenVerifier.Verdict;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.jid.JidEscaping;
import dev.sotto.signalling.stream.SaslFailure.Condition;
import dev.sotto.signalling.stream.StanzaRouter.Attachment;
import dev.sotto.signalling.stream.StanzaRouter.Link;
import dev.sotto.signalling.stream.StreamTransport.Cancellable;
import dev.sotto.signalling.xml.Element;
import dev.sotto.signalling.xml.XmlFault;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's stream from its header to its end (RFC 6120 sections 4 to 7): STARTTLS, SASL PLAIN
 * with a JWT, resource binding, then stanzas to the router. The same for every transport. Each
 * method is called on the loop that owns the connection.
 */
public final class XmppStream {

  private static final Logger LOG = LoggerFactory.getLogger(XmppStream.class);
  private static final int MAX_AUTH_ATTEMPTS = 3;
  private static final int MAX_ELEMENTS_BEFORE_BIND = 16;

  /** Where the stream stands; each phase owns what only it needs. */
  private sealed interface Phase {
    record AwaitingHeader(Optional<AuthenticatedUser> user) implements Phase {}

    record Negotiating() implements Phase {}

    record VerifyingToken() implements Phase {}

    record Binding(AuthenticatedUser user) implements Phase {}

    record Bound(Jid jid, Attachment attachment) implements Phase {}

    record Closed() implements Phase {}
  }

  private final StreamTransport transport;
  private final StreamContext context;
  private final RateLimiter rate;
  private Phase phase = new Phase.AwaitingHeader(Optional.empty());
  private Cancellable timer;
  private boolean headerSent;
  private boolean heardFromClient;
  private boolean pingSent;
  private int failedAttempts;
  private int elementsBeforeBind;

  /** Begins with the deadline for authentication running. */
  public XmppStream(StreamTransport transport, StreamContext context) {
    this.transport = transport;
    this.context = context;
    this.rate =
        new RateLimiter(context.limits().stanzasPerSecond(), context.nanoClock().getAsLong());
    this.timer = transport.schedule(this::authDeadline, context.limits().authTimeout().toNanos());
    context.counters().connections.increment();
  }

  /** The client's stream header. {@code header} is {@code <stream:stream>} or {@code <open/>}. */
  public void onOpen(Element header) {
    if (!(phase instanceof Phase.AwaitingHeader(Optional<AuthenticatedUser> user))) {
      fail(StreamError.Condition.BAD_FORMAT, "a second stream header");
      return;
    }
    StreamVersion version = StreamVersion.of(header.attribute("version"));
    openStream(version.answer());
    Optional<StreamError> problem = problemWith(header, version);
    if (problem.isPresent()) {
      fail(problem.get());
    } else if (user.isPresent()) {
      phase = new Phase.Binding(user.get());
      transport.send(bindFeatures());
    } else {
      phase = new Phase.Negotiating();
      transport.send(authFeatures());
    }
  }

  private void openStream(Optional<String> version) {
    transport.openStream(context.domain(), newStreamId(), version);
    headerSent = true;
  }

  private Optional<StreamError> problemWith(Element header, StreamVersion version) {
    boolean framed = header.is(Namespaces.FRAMING, "open");
    if (!framed && !header.is(Namespaces.STREAMS, "stream")) {
      return Optional.of(
          new StreamError(StreamError.Condition.INVALID_NAMESPACE, "not a stream header"));
    }
    Optional<Jid> to = header.attribute("to").flatMap(Jid::parse);
    if (to.isEmpty() || !to.get().equals(new Jid("", context.domain(), ""))) {
      return Optional.of(
          new StreamError(
              StreamError.Condition.HOST_UNKNOWN, "this server serves " + context.domain()));
    }
    if (!version.isSpoken()) {
      return Optional.of(
          new StreamError(StreamError.Condition.UNSUPPORTED_VERSION, "XMPP 1.0 is spoken here"));
    }
    return Optional.empty();
  }

  /** One complete first-level element. */
  public void onElement(Element element) {
    onKeepAlive();
    switch (phase) {
      case Phase.AwaitingHeader ignored ->
          fail(StreamError.Condition.BAD_FORMAT, "a stream header must come first");
      case Phase.Negotiating ignored -> onNegotiation(element);
      case Phase.VerifyingToken ignored ->
          fail(StreamError.Condition.POLICY_VIOLATION, "wait for the answer to <auth/>");
      case Phase.Binding(AuthenticatedUser user) -> onBind(user, element);
      case Phase.Bound(Jid jid, Attachment attachment) -> onStanza(jid, attachment, element);
      case Phase.Closed ignored -> {}
    }
  }

  /** The client ended its stream (RFC 6120 section 4.4). */
  public void onStreamClose() {
    end();
    transport.close();
  }

  /** The connection is gone. */
  public void onDisconnected() {
    end();
  }

  /** The input is not XML as XMPP wants it. */
  public void onFault(XmlFault fault) {
    fail(StreamError.of(fault));
  }

  /** The client sent something, if only white space. */
  public void onKeepAlive() {
    heardFromClient = true;
    pingSent = false;
  }

  /** Ends the stream with an error (RFC 6120 section 4.9.1). */
  public void fail(StreamError error) {
    if (phase instanceof Phase.Closed) {
      return;
    }
    context.counters().streamErrors.increment();
    LOG.debug("stream error {} to {}", error.condition().wireName(), transport.remoteAddress());
    end(); // first, since sending the error may find the client's queue full and fail again
    if (!headerSent) {
      openStream(Optional.of(StreamVersion.OURS));
    }
    transport.send(error.toElement());
    transport.close();
  }

  private void fail(StreamError.Condition condition, String text) {
    fail(new StreamError(condition, text));
  }

  private void onNegotiation(Element element) {
    elementsBeforeBind++;
    if (elementsBeforeBind > MAX_ELEMENTS_BEFORE_BIND) {
      fail(StreamError.Condition.POLICY_VIOLATION, "too many elements before authentication");
    } else if (element.is(Namespaces.TLS, "starttls")) {
      onStartTls();
    } else if (element.is(Namespaces.SASL, "auth")) {
      onAuth(element);
    } else if (element.is(Namespaces.SASL, "abort")) {
      refuse(Condition.ABORTED, "aborted");
    } else if (isStanza(element)) {
      fail(StreamError.Condition.NOT_AUTHORIZED, "authenticate first");
    } else {
      fail(StreamError.Condition.UNSUPPORTED_STANZA_TYPE, "starttls or auth was expected");
    }
  }

  private void onStartTls() {
    if (!transport.canStartTls() || transport.isEncrypted()) {
      // RFC 6120 section 5.4.2.2: failure, then the stream ends.
      transport.send(Element.of(Namespaces.TLS, "failure"));
      end();
      transport.close();
      return;
    }
    transport.send(Element.of(Namespaces.TLS, "proceed"));
    awaitHeader(Optional.empty());
    transport.startTls();
  }

  private void onAuth(Element auth) {
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
    phase = new Phase.VerifyingToken();
    SaslPlain message = plain.get();
    context
        .slowWork()
        .execute(() -> {
          Verdict verdict = verify(message.password());
          transport.execute(() -> onVerdict(message, verdict));
        });
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
    if (!(phase instanceof Phase.VerifyingToken)) {
      return; // the connection ended meanwhile
    }
    phase = new Phase.Negotiating();
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
          transport.send(Element.of(Namespaces.SASL, "success"));
          awaitHeader(Optional.of(user));
          transport.restart();
        }
      }
    }
  }

  /** A new stream on the same connection (RFC 6120 section 4.3.3). */
  private void awaitHeader(Optional<AuthenticatedUser> user) {
    phase = new Phase.AwaitingHeader(user);
    headerSent = false;
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
    if (failedAttempts >= MAX_AUTH_ATTEMPTS) {
      fail(StreamError.Condition.POLICY_VIOLATION, "too many failed attempts");
    }
  }

  private void onBind(AuthenticatedUser user, Element element) {
    elementsBeforeBind++;
    if (elementsBeforeBind > MAX_ELEMENTS_BEFORE_BIND) {
      fail(StreamError.Condition.POLICY_VIOLATION, "too many elements before a resource is bound");
      return;
    }
    Optional<Element> bind = element.child(Namespaces.BIND, "bind");
    boolean isBind =
        element.is(Namespaces.CLIENT, "iq")
            && element.attribute("type").orElse("").equals("set")
            && bind.isPresent();
    if (!isBind) {
      // RFC 6120 section 7.1: nothing else before a resource is bound.
      fail(StreamError.Condition.NOT_AUTHORIZED, "bind a resource first");
      return;
    }
    String requested = bind.get().child(Namespaces.BIND, "resource").map(Element::text).orElse("");
    Optional<String> resource =
        requested.isEmpty() ? Optional.of(newResource()) : Jid.prepareResource(requested);
    if (resource.isEmpty()) {
      transport.send(
          new StanzaError(StanzaError.Condition.BAD_REQUEST, "not a resource")
              .answerTo(element.without("from").without("to")));
      return;
    }
    Jid jid = new Jid(user.local(), context.domain(), resource.get());
    Optional<Attachment> attachment = context.router().attach(jid, new ToDevice());
    if (attachment.isEmpty()) {
      transport.send(
          new StanzaError(StanzaError.Condition.RESOURCE_CONSTRAINT, "too many devices")
              .answerTo(element.without("from").without("to")));
      return;
    }
    phase = new Phase.Bound(jid, attachment.get());
    if (context.draining().get()) {
      fail(StreamError.SHUTDOWN); // those who were there have been told already
      return;
    }
    transport.trusted(context.limits().stanzaBytes());
    startIdleTimer();
    Element result = Element.of(Namespaces.CLIENT, "iq", "type", "result");
    result = element.attribute("id").map(withId(result)).orElse(result);
    transport.send(
        result.plus(
            Element.of(Namespaces.BIND, "bind")
                .plus(Element.of(Namespaces.BIND, "jid").plus(jid.toString()))));
  }

  private static Function<String, Element> withId(Element element) {
    return id -> element.with("id", id);
  }

  /** What the router calls, from any loop. */
  private final class ToDevice implements Link {

    @Override
    public void send(Element stanza) {
      transport.send(stanza);
    }

    @Override
    public void terminate(StreamError error, Runnable told) {
      transport.execute(() -> {
        fail(error);
        told.run();
      });
    }
  }

  private void onStanza(Jid jid, Attachment attachment, Element stanza) {
    if (!stanza.namespace().equals(Namespaces.CLIENT)) {
      fail(StreamError.Condition.INVALID_NAMESPACE, "stanzas are of jabber:client");
      return;
    }
    if (!isStanza(stanza)) {
      fail(StreamError.Condition.UNSUPPORTED_STANZA_TYPE, "message, presence or iq was expected");
      return;
    }
    Optional<String> from = stanza.attribute("from");
    if (from.isPresent() && !isOwn(from.get(), jid)) {
      // RFC 6120 section 8.1.2.1.
      fail(StreamError.Condition.INVALID_FROM, "from is " + jid);
      return;
    }
    throttle();
    attachment.route(stanza.with("from", jid.toString()));
  }

  private static boolean isOwn(String from, Jid own) {
    return Jid.parse(from).filter(jid -> jid.equals(own) || jid.equals(own.bare())).isPresent();
  }

  private void throttle() {
    long waitNanos = rate.acquire(context.nanoClock().getAsLong());
    if (waitNanos > 0) {
      transport.pauseReading();
      transport.schedule(transport::resumeReading, waitNanos);
    }
  }

  private void authDeadline() {
    fail(StreamError.Condition.CONNECTION_TIMEOUT, "authentication took too long");
  }

  private void startIdleTimer() {
    timer.cancel();
    heardFromClient = false;
    timer = transport.schedule(this::idleCheck, context.limits().idleTimeout().toNanos());
  }

  /** Once per idle period: silence is answered by a ping, silence after a ping by the end. */
  private void idleCheck() {
    if (!(phase instanceof Phase.Bound(Jid jid, Attachment ignored))) {
      return;
    }
    if (pingSent) {
      fail(StreamError.Condition.CONNECTION_TIMEOUT, "no answer to a ping");
      return;
    }
    if (!heardFromClient) {
      pingSent = true;
      transport.send(
          Element.of(
                  Namespaces.CLIENT,
                  "iq",
                  "type",
                  "get",
                  "id",
                  newStreamId(),
                  "from",
                  context.domain(),
                  "to",
                  jid.toString())
              .plus(Element.of(Namespaces.PING, "ping")));
    }
    startIdleTimer();
  }

  private void end() {
    timer.cancel();
    Phase ended = phase;
    phase = new Phase.Closed();
    if (ended instanceof Phase.Bound(Jid ignored, Attachment attachment)) {
      attachment.detach();
    }
  }

  /** RFC 4616 carries the token in clear, so TLS or a connection that never leaves this host. */
  private boolean mayUsePlain() {
    return transport.isEncrypted() || transport.remoteAddress().isLoopbackAddress();
  }

  private Element authFeatures() {
    Element features = Element.of(Namespaces.STREAMS, "features");
    if (transport.canStartTls() && !transport.isEncrypted()) {
      Element startTls = Element.of(Namespaces.TLS, "starttls");
      features =
          features.plus(
              mayUsePlain() ? startTls : startTls.plus(Element.of(Namespaces.TLS, "required")));
    }
    if (mayUsePlain()) {
      features =
          features.plus(
              Element.of(Namespaces.SASL, "mechanisms")
                  .plus(Element.of(Namespaces.SASL, "mechanism").plus("PLAIN")));
    }
    return features;
  }

  private static Element bindFeatures() {
    return Element.of(Namespaces.STREAMS, "features").plus(Element.of(Namespaces.BIND, "bind"));
  }

  private static boolean isStanza(Element element) {
    return switch (element.name()) {
      case "message", "presence", "iq" -> true;
      default -> false;
    };
  }

  private String newStreamId() {
    return HexFormat.of().toHexDigits(context.random().nextLong());
  }

  private String newResource() {
    return "sotto-" + newStreamId();
  }
}
