package dev.sotto.relay.conference;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dtls.DtlsCertificate;
import dev.sotto.media.rtp.HeaderExtensions;
import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.relay.control.EndpointState;
import dev.sotto.relay.control.FeedbackSources;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.SourceDescription;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.transport.EndpointTransport;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One conference on its worker: takes what signalling says of endpoints, and forwards what they
 * send to each other. Of one event loop; forwarding allocates nothing per packet.
 */
public final class Conference {
  /** How often silence and the dominant speaker are looked at. */
  private static final long SPEAKER_INTERVAL_NANOS = 50_000_000L;

  /** How often sources are looked at that have stopped without a word. */
  private static final long SILENCE_INTERVAL_NANOS = 500_000_000L;

  /** The level of a speaker that says nothing of its level: as loud as speech. */
  private static final int UNTOLD_LEVEL = 40;

  private final String id;
  private final FeedbackSources ssrcs;
  private final ConferenceContext context;
  private final ConferenceListener listener;
  private final Codecs codecs = new Codecs();
  private final Speakers speakers;
  private final AudioSlots audioSlots;
  private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
  private final Map<Integer, Endpoint> byNumber = new LinkedHashMap<>();
  private final List<MediaSource> videoSources = new ArrayList<>();
  private final List<MediaSource> audioSources = new ArrayList<>();
  private final BitSet numbers = new BitSet();
  private final WheelTimer timer;
  private int sourceKeys;
  private long silenceCheckNanos;
  private long lastMediaNanos;

  public Conference(
      String id,
      FeedbackSources ssrcs,
      ConferenceContext context,
      ConferenceListener listener,
      long nowNanos) {
    this.id = id;
    this.ssrcs = ssrcs;
    this.context = context;
    this.listener = listener;
    lastMediaNanos = nowNanos;
    speakers = new Speakers(context.settings().audibleSpeakers());
    audioSlots = new AudioSlots(this, speakers);
    timer =
        new WheelTimer() {
          @Override
          protected void onDue(long now) {
            Conference.this.onDue(now);
          }
        };
    context.timers().schedule(timer, nowNanos + SPEAKER_INTERVAL_NANOS);
  }

  public String id() {
    return id;
  }

  ConferenceListener listener() {
    return listener;
  }

  Codecs codecs() {
    return codecs;
  }

  Collection<Endpoint> endpoints() {
    return endpoints.values();
  }

  List<MediaSource> videoSources() {
    return videoSources;
  }

  List<MediaSource> audioSources() {
    return audioSources;
  }

  /** How many an endpoint hears at most, as far as there are so many others. */
  int audibleTo(Endpoint listener) {
    int others = 0;
    for (MediaSource source : audioSources) {
      others += source.owner().equals(listener) ? 0 : 1;
    }
    return Math.min(speakers.audible(), others);
  }

  /** Media can be sent to an endpoint, or again. */
  void onWritable(Endpoint endpoint) {
    audioSlots.assignAll(endpoint);
  }

  int speakerRank(Endpoint endpoint) {
    return speakers.rank(endpoint.number());
  }

  /** Whether there is anybody to forward to. */
  boolean hasListeners() {
    return endpoints.size() > 1;
  }

  /** When media came last. */
  public long lastMediaNanos() {
    return lastMediaNanos;
  }

  /**
   * A new endpoint.
   *
   * @param certificate for its handshakes
   * @return its transport, whose credentials it is to be told
   */
  public EndpointTransport add(EndpointState state, DtlsCertificate certificate, long nowNanos) {
    int number = numbers.nextClearBit(0);
    numbers.set(number);
    Endpoint endpoint =
        new Endpoint(
            this,
            number,
            state,
            ssrcs,
            context,
            (transportListener, now) ->
                new EndpointTransport(context.transport(), certificate, transportListener, now),
            nowNanos);
    endpoints.put(state.id(), endpoint);
    byNumber.put(number, endpoint);
    speakers.add(number, nowNanos);
    endpoint.outgoing().setSlots(state.slots());
    state.sources().forEach(source -> addSource(endpoint, source));
    offerStreams(endpoint);
    refresh(nowNanos);
    return endpoint.transport();
  }

  /** What is said of an endpoint has changed. */
  public EndpointTransport change(EndpointState state, long nowNanos) {
    Endpoint endpoint = endpoints.get(state.id());
    EndpointState before = endpoint.state();
    endpoint.update(state);
    if (!before.slots().equals(state.slots())) {
      boolean wasBySource = endpoint.outgoing().isBySource();
      endpoint.outgoing().setSlots(state.slots());
      if (wasBySource != endpoint.outgoing().isBySource()) {
        offerStreams(endpoint);
      }
    }
    if (!before.sources().equals(state.sources())) {
      replaceSources(endpoint, state.sources());
    }
    if (!before.forcedMute().equals(state.forcedMute()) && state.forcedMute().audio()) {
      speakers.silence(endpoint.number());
    }
    refresh(nowNanos);
    return endpoint.transport();
  }

  public void remove(String endpointId, long nowNanos) {
    Endpoint endpoint = endpoints.remove(endpointId);
    if (endpoint == null) {
      return;
    }
    List.copyOf(endpoint.incoming().sources()).forEach(source -> removeSource(endpoint, source));
    endpoint.close();
    byNumber.remove(endpoint.number());
    speakers.remove(endpoint.number());
    videoSources.forEach(source -> source.forgetRequester(endpoint.number()));
    numbers.clear(endpoint.number());
    listener.onEndpointLeft(id, endpointId);
    refresh(nowNanos);
  }

  /** The transport of an endpoint, if there is such an endpoint. */
  public Optional<EndpointTransport> transport(String endpointId) {
    return Optional.ofNullable(endpoints.get(endpointId)).map(Endpoint::transport);
  }

  public void close() {
    context.timers().cancel(timer);
    endpoints.values().forEach(Endpoint::close);
    endpoints.clear();
    listener.onConferenceEnded(id);
  }

  private void addSource(Endpoint endpoint, SourceDescription description) {
    MediaSource source = endpoint.incoming().add(++sourceKeys, description);
    (source.kind() == MediaKind.AUDIO ? audioSources : videoSources).add(source);
    for (Endpoint receiver : endpoints.values()) {
      offerStream(receiver, source);
    }
  }

  private void removeSource(Endpoint endpoint, MediaSource source) {
    for (Endpoint receiver : endpoints.values()) {
      receiver.outgoing().forget(source);
    }
    audioSources.remove(source);
    videoSources.remove(source);
    endpoint.incoming().remove(source);
  }

  private void replaceSources(Endpoint endpoint, List<SourceDescription> described) {
    for (MediaSource source : List.copyOf(endpoint.incoming().sources())) {
      if (!described.contains(source.description())) {
        removeSource(endpoint, source);
      }
    }
    for (SourceDescription description : described) {
      boolean known =
          endpoint.incoming().sources().stream()
              .anyMatch(source -> source.description().equals(description));
      if (!known) {
        addSource(endpoint, description);
      }
    }
  }

  /** Gives a receiver without slots a stream for each source whose SSRC is known. */
  private void offerStreams(Endpoint receiver) {
    videoSources.forEach(source -> offerStream(receiver, source));
    audioSources.forEach(source -> offerStream(receiver, source));
  }

  private void offerStream(Endpoint receiver, MediaSource source) {
    if (receiver.outgoing().isBySource() && !source.owner().equals(receiver)) {
      source
          .ownSsrc()
          .ifPresent(ssrc -> receiver.outgoing().offer(source, ssrc, source.ownRtxSsrc()));
    }
  }

  /** A stream has begun to come: its SSRC is known now. */
  void onStream(IncomingStream stream) {
    for (Endpoint receiver : endpoints.values()) {
      offerStream(receiver, stream.source());
    }
  }

  /** Who hears and sees whom is to be decided anew. */
  private void refresh(long nowNanos) {
    audioSlots.assignAll();
    for (Endpoint endpoint : endpoints.values()) {
      if (endpoint.outgoing().isActive()) {
        endpoint.outgoing().allocateSoon(nowNanos);
      }
    }
  }

  /** A packet of a source, to whoever is to get it. */
  void forward(
      IncomingStream stream,
      RtpPacket packet,
      HeaderExtensions extensions,
      DependencyDescriptor descriptor,
      int codec,
      long nowNanos) {
    lastMediaNanos = nowNanos;
    MediaSource source = stream.source();
    if (source.kind() == MediaKind.AUDIO) {
      if (!isHeard(source, extensions, nowNanos)) {
        return;
      }
    } else {
      countLayers(stream, packet, descriptor, nowNanos);
    }
    long captureNanos = stream.captureNanos(packet, nowNanos);
    List<SlotStream> outputs = source.outputs();
    for (int i = 0; i < outputs.size(); i++) {
      SlotStream slot = outputs.get(i);
      if (slot.isTargeted()) {
        slot.onPacket(stream, packet, extensions, descriptor, codec, captureNanos, nowNanos);
      }
    }
  }

  private boolean isHeard(MediaSource source, HeaderExtensions extensions, long nowNanos) {
    int told = extensions.audioLevel();
    int level = told == HeaderExtensions.ABSENT ? UNTOLD_LEVEL : told;
    int number = source.owner().number();
    boolean before = speakers.isHeard(number);
    boolean heard = speakers.onLevel(number, level, nowNanos);
    if (heard && !before) {
      audioSlots.assign(source);
    }
    return heard;
  }

  private void countLayers(
      IncomingStream stream, RtpPacket packet, DependencyDescriptor descriptor, long nowNanos) {
    SourceLayers layers = stream.source().layers();
    boolean usable = descriptor.isUsable();
    if (usable && descriptor.hasStructure()) {
      layers.onStructure(stream.encoding(), descriptor.structure());
    }
    boolean due =
        layers.count(
            stream.encoding(),
            usable ? descriptor.spatialId() : 0,
            usable ? descriptor.temporalId() : 0,
            stream.isOfKeyPicture(packet, descriptor)
                ? packet.length() / SourceLayers.KEY_PICTURE_SIZE
                : packet.length(),
            nowNanos);
    if (due && layers.measure(nowNanos)) {
      refresh(nowNanos);
    }
  }

  private void onDue(long nowNanos) {
    context.timers().schedule(timer, nowNanos + SPEAKER_INTERVAL_NANOS);
    if (speakers.advance(nowNanos)) {
      context.counters().increment(Counter.SPEAKER_CHANGES);
      listener.onSpeakers(
          id, speakers.inOrder().stream().map(number -> byNumber.get(number).id()).toList());
      refresh(nowNanos);
    }
    if (nowNanos - silenceCheckNanos >= 0) {
      silenceCheckNanos = nowNanos + SILENCE_INTERVAL_NANOS;
      boolean changed = false;
      for (MediaSource source : videoSources) {
        changed |= source.layers().isActive() && source.layers().measure(nowNanos);
      }
      if (changed) {
        refresh(nowNanos);
      }
    }
  }

  /** How many endpoints there are. */
  public int size() {
    return endpoints.size();
  }

  /** What there is to know of it for people, without secrets. */
  public ConferenceReport report() {
    return ConferenceReport.of(this);
  }
}
