package dev.sotto.relay.control;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * All that has been said of an endpoint so far, put together.
 *
 * @param transport in its current ICE generation; an order to restart is not kept
 */
public record EndpointState(
    String id,
    RemoteTransport transport,
    Map<MediaKind, MediaDescription> media,
    List<SourceDescription> sources,
    ForcedMute forcedMute,
    ReceiveSlots slots,
    ReceiverConstraints constraints) {

  public EndpointState {
    media = Collections.unmodifiableMap(new EnumMap<>(media));
    sources = List.copyOf(sources);
  }

  /** An endpoint of which nothing is known but its id. */
  static EndpointState unknown(String id) {
    return new EndpointState(
        id,
        RemoteTransport.UNKNOWN,
        new EnumMap<>(MediaKind.class),
        List.of(),
        ForcedMute.NONE,
        ReceiveSlots.NONE,
        ReceiverConstraints.NONE);
  }

  /** What is known after these settings. */
  EndpointState with(EndpointSettings settings) {
    Map<MediaKind, MediaDescription> described = new EnumMap<>(MediaKind.class);
    described.putAll(media);
    settings.media().forEach(description -> described.put(description.kind(), description));
    return new EndpointState(
        id,
        settings.transport().map(this::merged).orElse(transport),
        described,
        settings.sources().orElse(sources),
        settings.forcedMute().orElse(forcedMute),
        settings.slots().orElse(slots),
        settings.constraints().orElse(constraints));
  }

  private RemoteTransport merged(RemoteTransport said) {
    boolean newGeneration =
        said.credentials().isPresent() && !said.credentials().equals(transport.credentials());
    Set<Candidate> candidates = new LinkedHashSet<>();
    // Candidates may come before the credentials that they belong to, but only the first ones.
    if (!newGeneration || transport.credentials().isEmpty()) {
      candidates.addAll(transport.candidates());
    }
    candidates.addAll(said.candidates());
    return new RemoteTransport(
        said.credentials().or(transport::credentials),
        said.setup().or(transport::setup),
        said.fingerprints().isEmpty() ? transport.fingerprints() : said.fingerprints(),
        List.copyOf(candidates),
        false);
  }

  /** Calls back with each SSRC that the endpoint sends, RTX included. */
  void forEachSentSsrc(LongConsumer consumer) {
    for (SourceDescription source : sources) {
      for (Encoding encoding : source.encodings()) {
        encoding.ssrc().ifPresent(consumer);
        encoding.rtxSsrc().ifPresent(consumer);
      }
    }
  }

  /** Calls back with each SSRC that the relay rewrites into for this endpoint, RTX included. */
  void forEachSlotSsrc(LongConsumer consumer) {
    for (List<ReceiveSlots.Slot> kind : List.of(slots.audio(), slots.video())) {
      for (ReceiveSlots.Slot slot : kind) {
        consumer.accept(slot.ssrc());
        slot.rtxSsrc().ifPresent(consumer);
      }
    }
  }
}
