package dev.sotto.relay.conference;

import java.util.ArrayList;
import java.util.List;

/**
 * A conference as people who look for a fault want to see it. No keys, credentials or payload; ids
 * and addresses are there, so it is for operators only.
 *
 * @param endpoints in the order in which they came
 */
public record ConferenceReport(String id, List<EndpointReport> endpoints) {

  /**
   * One endpoint.
   *
   * @param path where media goes, an address and port
   * @param targetBps what its path carries, as estimated
   * @param roundTripMillis 0 while it is not known
   */
  public record EndpointReport(
      String id,
      String path,
      boolean connected,
      long targetBps,
      long roundTripMillis,
      int queuedPackets,
      List<SourceReport> sources,
      List<SlotReport> slots) {}

  /** One source. */
  public record SourceReport(
      String id, String kind, boolean muted, long bitrateBps, int receivers) {}

  /**
   * One stream to the endpoint.
   *
   * @param layer encoding, spatial and temporal layer that go out
   */
  public record SlotReport(long ssrc, String source, String layer) {}

  static ConferenceReport of(Conference conference) {
    return new ConferenceReport(
        conference.id(), conference.endpoints().stream().map(ConferenceReport::of).toList());
  }

  private static EndpointReport of(Endpoint endpoint) {
    OutgoingMedia outgoing = endpoint.outgoing();
    List<SlotStream> streams = new ArrayList<>(outgoing.audio());
    streams.addAll(outgoing.video());
    return new EndpointReport(
        endpoint.id(),
        endpoint.transport().describePath(),
        endpoint.transport().isConnected(),
        outgoing.targetRateBps(),
        outgoing.roundTripNanos() / 1_000_000,
        outgoing.queuedPackets(),
        endpoint.incoming().sources().stream().map(ConferenceReport::of).toList(),
        streams.stream()
            .map(slot ->
                new SlotReport(
                    Integer.toUnsignedLong(slot.ssrc()),
                    slot.occupant().map(MediaSource::id).orElse(""),
                    slot.describeLayer()))
            .toList());
  }

  private static SourceReport of(MediaSource source) {
    return new SourceReport(
        source.id(),
        source.description().kind().name(),
        source.isMuted(),
        source.layers().bitrateBps(),
        source.outputs().size());
  }
}
