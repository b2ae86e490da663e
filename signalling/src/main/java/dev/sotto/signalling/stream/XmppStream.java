package dev.sotto.signalling.stream;

import dev.sotto.signalling.auth.AuthenticatedUser;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.stream.ResumableSessions.Found;
import dev.sotto.signalling.stream.StanzaRouter.Attachment;
import dev.sotto.signalling.stream.StreamTransport.Cancellable;
import dev.sotto.signalling.stream.management.Nonza;
import dev.sotto.signalling.xml.Element;
import dev.sotto.signalling.xml.XmlFault;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's stream from its header to its end (RFC 6120 sections 4 to 7): STARTTLS, SASL,
 * resource binding or the resumption of a session (XEP-0198), then stanzas to the router. The same
 * for every transport. Each method is called on the loop that owns the connection.
 */
public final class XmppStream {

  private static final Logger LOG = LoggerFactory.getLogger(XmppStream.class);
  private static final int MAX_ELEMENTS_BEFORE_BIND = 16;

  /** Where the stream stands; each phase owns what only it needs. */
  private sealed interface Phase {
    record AwaitingHeader(Optional<AuthenticatedUser> user) implements Phase {}

    record Negotiating() implements Phase {}

    record Binding(AuthenticatedUser user) implements Phase {}

    /** Waits for the loop that owns the session. */
    record Resuming(AuthenticatedUser user) implements Phase {}

    record Bound(BoundStream stream) implements Phase {}

    record Closed() implements Phase {}
  }

  private final StreamTransport transport;
  private final StreamContext context;
  private final Authentication authentication;
  private final Cancellable deadline;
  private String domain;
  private Phase phase = new Phase.AwaitingHeader(Optional.empty());
  private boolean headerSent;
  private int elementsBeforeBind;

  /** Begins with the deadline for authentication running. */
  public XmppStream(StreamTransport transport, StreamContext context) {
    this.transport = transport;
    this.context = context;
    this.domain = context.domain();
    this.authentication = new Authentication(transport, context, this::onAuthenticated, this::fail);
    this.deadline =
        transport.schedule(this::authDeadline, context.limits().authTimeout().toNanos());
    context.counters().connections.increment();
  }

  /** The client's stream header. {@code header} is {@code <stream:stream>} or {@code <open/>}. */
  public void onOpen(Element header) {
    if (!(phase instanceof Phase.AwaitingHeader(Optional<AuthenticatedUser> user))) {
      fail(StreamError.Condition.BAD_FORMAT, "a second stream header");
      return;
    }
    StreamVersion version = StreamVersion.of(header.attribute("version"));
    served(header).ifPresent(to -> domain = to);
    openStream(version.answer());
    Optional<StreamError> problem = problemWith(header, version);
    if (problem.isPresent()) {
      fail(problem.get());
    } else if (user.isPresent()) {
      phase = new Phase.Binding(user.get());
      transport.send(bindFeatures());
    } else {
      phase = new Phase.Negotiating();
      authentication.begin(domain);
      transport.send(authFeatures());
    }
  }

  private void openStream(Optional<String> version) {
    transport.openStream(domain, newStreamId(), version);
    headerSent = true;
  }

  /** The domain that the client wants, if it is served: after SASL, only that of the user. */
  private Optional<String> served(Element header) {
    Optional<AuthenticatedUser> user =
        phase instanceof Phase.AwaitingHeader(Optional<AuthenticatedUser> known)
            ? known
            : Optional.empty();
    return header
        .attribute("to")
        .flatMap(Jid::parse)
        .filter(to -> to.equals(new Jid("", to.domain(), "")))
        .map(Jid::domain)
        .filter(to -> user.map(in -> in.domain().equals(to)).orElseGet(() -> context.serves(to)));
  }

  private Optional<StreamError> problemWith(Element header, StreamVersion version) {
    boolean framed = header.is(Namespaces.FRAMING, "open");
    if (!framed && !header.is(Namespaces.STREAMS, "stream")) {
      return Optional.of(
          new StreamError(StreamError.Condition.INVALID_NAMESPACE, "not a stream header"));
    }
    if (served(header).isEmpty()) {
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
      case Phase.Binding(AuthenticatedUser user) -> onBind(user, element);
      case Phase.Resuming ignored ->
          fail(StreamError.Condition.POLICY_VIOLATION, "wait for the answer to <resume/>");
      case Phase.Bound(BoundStream bound) -> bound.onStanza(element);
      case Phase.Closed ignored -> {}
    }
  }

  /** The client ended its stream (RFC 6120 section 4.4), and its session with it. */
  public void onStreamClose() {
    Optional<Element> handled = handled();
    end(BoundStream::end);
    handled.ifPresent(transport::send);
    transport.close();
  }

  /** The connection is gone; the client may come back for its session (XEP-0198 section 5). */
  public void onDisconnected() {
    end(BoundStream::disconnected);
  }

  /** The input is not XML as XMPP wants it. */
  public void onFault(XmlFault fault) {
    fail(StreamError.of(fault));
  }

  /** The client sent something, if only white space. */
  public void onKeepAlive() {
    if (phase instanceof Phase.Bound(BoundStream bound)) {
      bound.heard();
    }
  }

  /** Ends the stream with an error (RFC 6120 section 4.9.1), and the session with it. */
  public void fail(StreamError error) {
    close(error, BoundStream::end);
  }

  /** The same for a connection that does not work any more: the client may come back. */
  public void lose(StreamError error) {
    close(error, BoundStream::disconnected);
  }

  private void close(StreamError error, Consumer<BoundStream> how) {
    if (phase instanceof Phase.Closed) {
      return;
    }
    context.counters().streamErrors.increment();
    LOG.debug("stream error {} to {}", error.condition().wireName(), transport.remoteAddress());
    Optional<Element> handled = handled();
    end(how); // first, since sending the error may find the client's queue full and fail again
    if (!headerSent) {
      openStream(Optional.of(StreamVersion.OURS));
    }
    handled.ifPresent(transport::send);
    transport.send(error.toElement());
    transport.close();
  }

  /** What the client need not send again. */
  private Optional<Element> handled() {
    return phase instanceof Phase.Bound(BoundStream bound) ? bound.answer() : Optional.empty();
  }

  private void fail(StreamError.Condition condition, String text) {
    fail(new StreamError(condition, text));
  }

  private void onNegotiation(Element element) {
    elementsBeforeBind++;
    if (elementsBeforeBind > MAX_ELEMENTS_BEFORE_BIND) {
      fail(StreamError.Condition.POLICY_VIOLATION, "too many elements before authentication");
    } else if (authentication.isVerifying()) {
      fail(StreamError.Condition.POLICY_VIOLATION, "wait for the answer");
    } else if (element.is(Namespaces.TLS, "starttls")) {
      onStartTls();
    } else if (authentication.onElement(element)) {
      return;
    } else if (element.namespace().equals(Namespaces.STREAM_MANAGEMENT)) {
      transport.send(tooEarly());
    } else if (BoundStream.isStanza(element)) {
      fail(StreamError.Condition.NOT_AUTHORIZED, "authenticate first");
    } else {
      fail(StreamError.Condition.UNSUPPORTED_STANZA_TYPE, "starttls or auth was expected");
    }
  }

  private void onStartTls() {
    if (!transport.canStartTls() || transport.isEncrypted()) {
      // RFC 6120 section 5.4.2.2: failure, then the stream ends.
      transport.send(Element.of(Namespaces.TLS, "failure"));
      end(BoundStream::end);
      transport.close();
      return;
    }
    transport.send(Element.of(Namespaces.TLS, "proceed"));
    awaitHeader(Optional.empty());
    transport.startTls();
  }

  private void onAuthenticated(AuthenticatedUser user) {
    awaitHeader(Optional.of(user));
    transport.restart();
  }

  /** A new stream on the same connection (RFC 6120 section 4.3.3). */
  private void awaitHeader(Optional<AuthenticatedUser> user) {
    phase = new Phase.AwaitingHeader(user);
    headerSent = false;
  }

  private void onBind(AuthenticatedUser user, Element element) {
    elementsBeforeBind++;
    if (elementsBeforeBind > MAX_ELEMENTS_BEFORE_BIND) {
      fail(StreamError.Condition.POLICY_VIOLATION, "too many elements before a resource is bound");
      return;
    }
    if (element.is(Namespaces.STREAM_MANAGEMENT, "resume")) {
      onResume(user, element);
      return;
    }
    if (element.namespace().equals(Namespaces.STREAM_MANAGEMENT)) {
      transport.send(tooEarly());
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
    Jid jid = user.jid().withResource(resource.get());
    Connection connection = new Connection();
    DeviceLink link = new DeviceLink(context, jid, connection);
    Optional<Attachment> attachment = context.router(user.domain()).attach(jid, link);
    if (attachment.isEmpty()) {
      transport.send(
          new StanzaError(StanzaError.Condition.RESOURCE_CONSTRAINT, "too many devices")
              .answerTo(element.without("from").without("to")));
      return;
    }
    link.attached(attachment.get());
    if (!serve(link)) {
      return;
    }
    Element result = Element.of(Namespaces.CLIENT, "iq", "type", "result");
    result = element.attribute("id").map(withId(result)).orElse(result);
    transport.send(
        result.plus(
            Element.of(Namespaces.BIND, "bind")
                .plus(Element.of(Namespaces.BIND, "jid").plus(jid.toString()))));
    authentication.confirm(user);
  }

  private static Function<String, Element> withId(Element element) {
    return id -> element.with("id", id);
  }

  /** Serves a session from now on; false if the server takes no more. */
  private boolean serve(DeviceLink link) {
    deadline.cancel();
    phase = new Phase.Bound(new BoundStream(transport, context, link, this::fail, this::lose));
    if (context.draining().get()) {
      fail(StreamError.SHUTDOWN); // those who were there have been told already
      return false;
    }
    transport.trusted(context.limits().stanzaBytes());
    return true;
  }

  /** XEP-0198 section 3: nothing of it before a resource is bound, but resumption. */
  private static Element tooEarly() {
    return Nonza.failed(StanzaError.Condition.UNEXPECTED_REQUEST, Optional.empty());
  }

  /** XEP-0198 section 5. The session may live on another loop; until that answers, all waits. */
  private void onResume(AuthenticatedUser user, Element resume) {
    Optional<Integer> h = Nonza.count(resume);
    if (h.isEmpty()) {
      context.counters().failedResumptions.increment();
      transport.send(Nonza.failed(StanzaError.Condition.BAD_REQUEST, Optional.empty()));
      return;
    }
    switch (context.resumable().find(resume.attribute("previd").orElse(""), user.jid())) {
      case Found.Gone(Optional<Integer> handled) -> notFound(handled);
      case Found.Alive(DeviceLink session) -> {
        phase = new Phase.Resuming(user);
        transport.pauseReading();
        session.claim(h.get(), new Claim(session, user));
      }
    }
  }

  /** The client can bind a resource instead. */
  private void notFound(Optional<Integer> handled) {
    context.counters().failedResumptions.increment();
    transport.send(Nonza.failed(StanzaError.Condition.ITEM_NOT_FOUND, handled));
  }

  /** This connection's wish to have a session. */
  private final class Claim implements Claimant {
    private final DeviceLink session;
    private final AuthenticatedUser user;

    Claim(DeviceLink session, AuthenticatedUser user) {
      this.session = session;
      this.user = user;
    }

    @Override
    public Loop loop() {
      return transport.loop();
    }

    @Override
    public void granted() {
      if (!(phase instanceof Phase.Resuming)) {
        session.disconnected(); // so is this connection, meanwhile
        return;
      }
      context.counters().resumptions.increment();
      session.connect(new Connection());
      if (serve(session)) {
        session.resume();
        transport.resumeReading();
        authentication.confirm(user);
      }
    }

    @Override
    public void refused(Optional<Integer> handled) {
      if (phase instanceof Phase.Resuming) {
        phase = new Phase.Binding(user);
        notFound(handled);
        transport.resumeReading();
      }
    }

    @Override
    public void fail(StreamError error) {
      context.counters().failedResumptions.increment();
      XmppStream.this.fail(error);
    }
  }

  /** This connection, for the session that it serves. */
  private final class Connection implements Carrier {
    private final Loop loop = transport.loop();

    @Override
    public Loop loop() {
      return loop;
    }

    @Override
    public void write(Element element) {
      transport.send(element);
    }

    @Override
    public void fail(StreamError error) {
      XmppStream.this.fail(error);
    }

    @Override
    public void superseded() {
      close(
          new StreamError(
              StreamError.Condition.CONFLICT, "the session goes on over another connection"),
          BoundStream::leave);
    }
  }

  private void authDeadline() {
    fail(StreamError.Condition.CONNECTION_TIMEOUT, "authentication took too long");
  }

  private void end(Consumer<BoundStream> how) {
    deadline.cancel();
    authentication.end();
    Phase ended = phase;
    phase = new Phase.Closed();
    if (ended instanceof Phase.Bound(BoundStream bound)) {
      how.accept(bound);
    }
  }

  private Element authFeatures() {
    Element features = Element.of(Namespaces.STREAMS, "features");
    if (transport.canStartTls() && !transport.isEncrypted()) {
      Element startTls = Element.of(Namespaces.TLS, "starttls");
      features =
          features.plus(
              authentication.isConfidential()
                  ? startTls
                  : startTls.plus(Element.of(Namespaces.TLS, "required")));
    }
    return authentication.withFeatures(features);
  }

  private static Element bindFeatures() {
    return Element.of(Namespaces.STREAMS, "features")
        .plus(Element.of(Namespaces.BIND, "bind"))
        .plus(Element.of(Namespaces.STREAM_MANAGEMENT, "sm"))
        .plus(Element.of(Namespaces.CLIENT_STATE, "csi"));
  }

  private String newStreamId() {
    return HexFormat.of().toHexDigits(context.random().nextLong());
  }

  private String newResource() {
    return "sotto-" + newStreamId();
  }
}
