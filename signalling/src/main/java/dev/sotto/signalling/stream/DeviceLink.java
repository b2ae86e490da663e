package dev.sotto.signalling.stream;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.stream.Acknowledgements.Resumption;
import dev.sotto.signalling.stream.Inbox.Stanza;
import dev.sotto.signalling.stream.StanzaRouter.Attachment;
import dev.sotto.signalling.stream.StanzaRouter.Link;
import dev.sotto.signalling.stream.StreamTransport.Cancellable;
import dev.sotto.signalling.stream.management.ClientState;
import dev.sotto.signalling.stream.management.ClientState.Held;
import dev.sotto.signalling.stream.management.Nonza;
import dev.sotto.signalling.stream.management.UnacknowledgedStanzas.Entry;
import dev.sotto.signalling.xml.Element;
import java.time.Duration;
import java.util.Optional;

/**
 * The way to a bound device, which outlives its connection if the client may resume (XEP-0198).
 *
 * <p>Its state belongs to one loop: that of its connection, of its last one while it waits, of the
 * next one once that has claimed it. Other threads put what they have into the {@link Inbox}. A
 * claim is put there, too: the owner deals with what came before it, ends the old connection if
 * there still is one, and hands the inbox over; from then on the claimant's loop owns the state.
 */
final class DeviceLink implements Link {

  /**
   * Shorter waits are not stamped (XEP-0203): some clients take whatever is stamped for history,
   * and a call that is proposed while a phone changes networks must ring.
   */
  private static final Duration NOTICEABLE = Duration.ofSeconds(5);

  private sealed interface State {
    record Connected(Carrier carrier) implements State {}

    record Waiting(Cancellable expiry) implements State {}

    /** Between two loops. */
    record Moving() implements State {}

    record Ended() implements State {}
  }

  private final StreamContext context;
  private final Jid jid;
  private final Inbox inbox;
  private final ClientState clientState = new ClientState();
  private Optional<Attachment> attachment = Optional.empty();
  private Optional<Acknowledgements> acknowledgements = Optional.empty();
  private State state;
  private boolean overflowed;
  private volatile boolean waiting;

  /** A device on this connection. */
  DeviceLink(StreamContext context, Jid jid, Carrier carrier) {
    this.context = context;
    this.jid = jid;
    this.state = new State.Connected(carrier);
    this.inbox = new Inbox(carrier.loop(), this::deliver);
  }

  /** The full JID; from any thread. */
  Jid jid() {
    return jid;
  }

  /** Whether no connection is there; from any thread. */
  boolean isWaiting() {
    return waiting;
  }

  @Override
  public void send(Element stanza, Delivery delivery) {
    inbox.add(stanza, delivery);
  }

  @Override
  public void terminate(StreamError error, Runnable told) {
    inbox.add(() -> {
      end(error);
      inbox.add(told);
    });
  }

  /** The router knows the device. */
  void attached(Attachment known) {
    attachment = Optional.of(known);
  }

  /** Gives a stanza of the client's to the router, and counts it. */
  void handle(Element stanza) {
    attachment.ifPresent(known -> known.route(stanza));
    acknowledgements.ifPresent(Acknowledgements::handledOne);
  }

  /** Whether stanzas are counted. */
  boolean isManaged() {
    return acknowledgements.isPresent();
  }

  /** {@code <enable/>}, the first. */
  void enable(Element enable) {
    if (!(state instanceof State.Connected(Carrier carrier))) {
      return;
    }
    Optional<Resumption> resumption =
        Nonza.asksForResumption(enable)
            ? Optional.of(
                new Resumption(
                    context.resumable().add(this, context.random()),
                    Nonza.resumptionTime(enable, context.limits().resumptionTime())))
            : Optional.empty();
    acknowledgements =
        Optional.of(
            new Acknowledgements(resumption, carrier, () -> carrier.write(Nonza.request())));
    carrier.write(
        resumption
            .map(granted -> Nonza.enabled(granted.id(), granted.max()))
            .orElseGet(Nonza::enabled));
  }

  /** What the client is told it need not send again; empty if stanzas are not counted. */
  Optional<Element> answer() {
    return acknowledgements.map(counted -> Nonza.answer(counted.handled()));
  }

  /** {@code <a/>}; the error if it cannot be true. */
  Optional<StreamError> acknowledge(int h) {
    if (acknowledgements.isEmpty()) {
      return Optional.empty();
    }
    Acknowledgements counted = acknowledgements.get();
    Optional<StreamError> impossible = counted.acknowledge(h);
    if (impossible.isEmpty()) {
      counted.requests().answered();
    }
    return impossible;
  }

  /** Makes the client say something: by a question that costs least, or else by {@code ping}. */
  void probe(Element ping) {
    acknowledgements.ifPresentOrElse(
        counted -> counted.requests().ask(), () -> send(ping, Delivery.UNTRACKED));
  }

  /** {@code <inactive/>} (XEP-0352). */
  void becomeInactive() {
    clientState.becomeInactive();
  }

  /** {@code <active/>}. */
  void becomeActive() {
    clientState.becomeActive();
    releaseHeld();
  }

  private void deliver(Stanza stanza) {
    if (state instanceof State.Ended) {
      stanza.delivery().failed(this, Duration.ZERO);
    } else if (!clientState.holds(stanza.element(), stanza.delivery())) {
      releaseHeld();
      put(stanza.element(), stanza.delivery());
    }
  }

  private void releaseHeld() {
    for (Held held : clientState.takeHeld()) {
      put(held.stanza(), held.delivery());
    }
  }

  private void put(Element stanza, Delivery delivery) {
    Optional<Carrier> carrier =
        state instanceof State.Connected(Carrier there) ? Optional.of(there) : Optional.empty();
    acknowledgements.ifPresent(counted -> {
      counted.sent().add(stanza, delivery, context.nanoClock().getAsLong(), carrier.isPresent());
      checkBounds(counted);
    });
    carrier.ifPresent(there -> there.write(stanza));
    acknowledgements.ifPresentOrElse(
        counted -> carrier.ifPresent(there -> counted.requests().wrote()), delivery::acknowledged);
  }

  /**
   * By now the client was asked more than once. In its turn, since the caller may be in the middle
   * of telling many.
   */
  private void checkBounds(Acknowledgements counted) {
    boolean tooMuch =
        counted.sent().size() > context.limits().unacknowledgedStanzas()
            || counted.sent().bytes() > context.limits().unacknowledgedBytes();
    if (tooMuch && !overflowed) {
      overflowed = true;
      inbox.add(() ->
          end(
              new StreamError(
                  StreamError.Condition.RESOURCE_CONSTRAINT,
                  "too much was sent to you that you did not acknowledge: answer <r/>")));
    }
  }

  private void end(StreamError error) {
    switch (state) {
      case State.Connected(Carrier carrier) -> carrier.fail(error);
      case State.Waiting ignored -> close();
      case State.Moving ignored -> throw new IllegalStateException("nobody owns the session");
      case State.Ended ignored -> {}
    }
  }

  /** The connection is gone without a farewell: the session waits, if the client may resume it. */
  void disconnected() {
    Optional<Resumption> resumption = acknowledgements.flatMap(Acknowledgements::resumption);
    if (state instanceof State.Ended) {
      return;
    }
    if (resumption.isEmpty()) {
      close();
      return;
    }
    acknowledgements.ifPresent(counted -> counted.requests().stop());
    state =
        new State.Waiting(inbox.owner().schedule(this::close, resumption.get().max().toNanos()));
    becomeActive();
    waiting = true;
    attachment.ifPresent(known -> known.waits(true));
  }

  /**
   * The session is over. What was not acknowledged fails first, then what is still in the inbox,
   * and only then is the device taken out, so that what others send by then comes after it.
   */
  void close() {
    if (state instanceof State.Ended) {
      return;
    }
    if (state instanceof State.Waiting(Cancellable expiry)) {
      expiry.cancel();
    }
    state = new State.Ended();
    waiting = false;
    acknowledgements.ifPresent(this::giveUp);
    for (Held held : clientState.takeHeld()) {
      held.delivery().failed(this, Duration.ZERO);
    }
    inbox.add(() -> attachment.ifPresent(Attachment::detach));
  }

  private void giveUp(Acknowledgements counted) {
    counted.requests().stop();
    counted
        .resumption()
        .ifPresent(known -> context.resumable().remove(known.id(), jid, counted.handled()));
    for (Entry entry : counted.sent().takeAll()) {
      entry.delivery().failed(this, waited(entry));
    }
  }

  private Duration waited(Entry entry) {
    return Duration.ofNanos(context.nanoClock().getAsLong() - entry.acceptedNanos());
  }

  /** A connection wants the session, whose client has handled up to {@code h}; from any thread. */
  void claim(int h, Claimant claimant) {
    inbox.add(() -> giveTo(claimant, h));
  }

  private void giveTo(Claimant claimant, int h) {
    Loop to = claimant.loop();
    if (state instanceof State.Ended || acknowledgements.isEmpty()) {
      Optional<Integer> handled = acknowledgements.map(Acknowledgements::handled);
      to.execute(() -> claimant.refused(handled));
      return;
    }
    Optional<StreamError> impossible = acknowledgements.get().acknowledge(h);
    if (impossible.isPresent()) {
      // Nothing right can be made of a session that both sides count differently.
      end(impossible.get());
      to.execute(() -> claimant.fail(impossible.get()));
      return;
    }
    acknowledgements.get().requests().stop();
    State before = state;
    state = new State.Moving();
    becomeActive();
    switch (before) {
      case State.Connected(Carrier carrier) -> carrier.superseded();
      case State.Waiting(Cancellable expiry) -> expiry.cancel();
      default -> {}
    }
    inbox.handOver(to, claimant::granted);
  }

  /** This connection has claimed the session. */
  void connect(Carrier carrier) {
    state = new State.Connected(carrier);
    waiting = false;
    attachment.ifPresent(known -> known.waits(false));
    acknowledgements.ifPresent(
        counted -> counted.moved(carrier, () -> carrier.write(Nonza.request())));
  }

  /** Says so, and sends all again that the client has not handled. */
  void resume() {
    if (!(state instanceof State.Connected(Carrier carrier)) || acknowledgements.isEmpty()) {
      return;
    }
    Acknowledgements counted = acknowledgements.get();
    counted
        .resumption()
        .ifPresent(known -> carrier.write(Nonza.resumed(known.id(), counted.handled())));
    for (Entry entry : counted.sent().writeAll()) {
      carrier.write(stamped(entry));
      counted.requests().wrote();
    }
  }

  private Element stamped(Entry entry) {
    Duration waited = waited(entry);
    boolean wait = waited.compareTo(NOTICEABLE) >= 0 && !entry.stanza().name().equals("iq");
    return wait
        ? Delay.stamp(entry.stanza(), context.domain(), context.clock().instant().minus(waited))
        : entry.stanza();
  }
}
