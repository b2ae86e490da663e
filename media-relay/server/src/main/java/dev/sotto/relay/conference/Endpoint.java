package dev.sotto.relay.conference;

import dev.sotto.media.dtls.DtlsFailure;
import dev.sotto.media.rtp.ExtensionMap;
import dev.sotto.media.rtp.ExtensionType;
import dev.sotto.relay.control.EndpointState;
import dev.sotto.relay.control.FeedbackSources;
import dev.sotto.relay.control.MediaDescription;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.ReceiverConstraints;
import dev.sotto.relay.transport.EndpointTransport;
import dev.sotto.relay.transport.TransportListener;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * One endpoint of a conference: its transport, what it sends and what it receives, and one timer
 * for all that is due of it.
 */
final class Endpoint extends WheelTimer implements TransportListener {
  private final Conference conference;
  private final int number;
  private final MemorySegment name;
  private final ConferenceContext context;
  private final IncomingMedia incoming;
  private final EndpointTransport transport;
  private final UpstreamFeedback upstream;
  private final OutgoingMedia outgoing;
  private final FeedbackReader feedback;
  private EndpointState state;
  private ExtensionMap extensionMap;
  private PayloadTypes payloadTypes;
  private List<ConferenceListener.Occupancy> announced = List.of();

  Endpoint(
      Conference conference,
      int number,
      EndpointState state,
      FeedbackSources ssrcs,
      ConferenceContext context,
      TransportFactory transports,
      long nowNanos) {
    this.conference = conference;
    this.number = number;
    this.state = state;
    this.context = context;
    name = UpstreamFeedback.name("e" + number);
    extensionMap = extensionsOf(state.media().values());
    payloadTypes = new PayloadTypes(state.media().values(), conference.codecs());
    incoming = new IncomingMedia(this, context.counters());
    transport = transports.open(this, nowNanos);
    upstream = new UpstreamFeedback(this, ssrcs, context.counters(), nowNanos);
    outgoing = new OutgoingMedia(this, context, nowNanos);
    feedback = new FeedbackReader(this, context.counters());
    context.timers().schedule(this, nowNanos);
  }

  /** Makes an endpoint's transport. */
  @FunctionalInterface
  interface TransportFactory {
    EndpointTransport open(TransportListener listener, long nowNanos);
  }

  private static ExtensionMap extensionsOf(Collection<MediaDescription> media) {
    ExtensionMap.Builder builder = ExtensionMap.builder();
    boolean mixed = !media.isEmpty();
    for (MediaDescription description : media) {
      mixed &= description.extmapAllowMixed();
      description
          .headerExtensions()
          .forEach(extension ->
              ExtensionType.ofUri(extension.uri())
                  .ifPresent(type -> builder.put(type, extension.number())));
    }
    return builder.allowMixed(mixed).build();
  }

  String id() {
    return state.id();
  }

  int number() {
    return number;
  }

  Conference conference() {
    return conference;
  }

  EndpointState state() {
    return state;
  }

  ExtensionMap extensionMap() {
    return extensionMap;
  }

  PayloadTypes payloadTypes() {
    return payloadTypes;
  }

  ReceiverConstraints constraints() {
    return state.constraints();
  }

  boolean isForceMuted(MediaKind kind) {
    return kind == MediaKind.AUDIO ? state.forcedMute().audio() : state.forcedMute().video();
  }

  IncomingMedia incoming() {
    return incoming;
  }

  OutgoingMedia outgoing() {
    return outgoing;
  }

  EndpointTransport transport() {
    return transport;
  }

  /** The canonical name of its streams (RFC 7022): one for all, so that they are in step. */
  MemorySegment name() {
    return name;
  }

  int nameLength() {
    return (int) name.byteSize();
  }

  /** Takes what signalling says now. */
  void update(EndpointState newState) {
    boolean newMedia = !newState.media().equals(state.media());
    state = newState;
    if (newMedia) {
      extensionMap = extensionsOf(newState.media().values());
      payloadTypes = new PayloadTypes(newState.media().values(), conference.codecs());
    }
  }

  /** Makes sure that {@link #onDue} is called at that time or before. */
  void wakeBy(long dueNanos) {
    context.timers().scheduleBy(this, dueNanos);
  }

  @Override
  protected void onDue(long nowNanos) {
    transport.onTimer(nowNanos);
    long next = transport.nextTimerNanos();
    next = Math.min(next, upstream.run(nowNanos));
    next = Math.min(next, outgoing.run(nowNanos));
    context.timers().scheduleBy(this, next);
  }

  @Override
  public void onRtp(MemorySegment segment, long offset, int length, long nowNanos) {
    incoming.onRtp(segment, offset, length, nowNanos);
  }

  @Override
  public void onRtcp(MemorySegment segment, long offset, int length, long nowNanos) {
    feedback.onRtcp(segment, offset, length, nowNanos);
  }

  @Override
  public void onWritable(long nowNanos) {
    outgoing.onWritable(nowNanos);
    wakeBy(nowNanos);
  }

  @Override
  public void onFailed(DtlsFailure failure) {
    conference
        .listener()
        .onEndpointFailed(conference.id(), id(), failure.reason().name() + ": " + failure.detail());
  }

  /** Tells who is in the receive slots, if that has changed. */
  void announceSlots() {
    if (outgoing.isBySource()) {
      announced = List.of();
      return;
    }
    List<ConferenceListener.Occupancy> slots = new ArrayList<>();
    for (List<SlotStream> kind : List.of(outgoing.audio(), outgoing.video())) {
      for (SlotStream slot : kind) {
        slots.add(
            new ConferenceListener.Occupancy(
                Integer.toUnsignedLong(slot.ssrc()),
                slot.occupant()
                    .map(source ->
                        new ConferenceListener.Occupant(source.id(), source.owner().id()))));
      }
    }
    if (!slots.equals(announced)) {
      announced = List.copyOf(slots);
      conference.listener().onSlots(conference.id(), id(), announced);
    }
  }

  void close() {
    context.timers().cancel(this);
    outgoing.close();
    incoming.close();
    transport.close();
  }
}
