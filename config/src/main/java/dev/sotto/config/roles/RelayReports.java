package dev.sotto.config.roles;

import dev.sotto.relay.conference.ConferenceReport;
import dev.sotto.relay.conference.ConferenceReport.EndpointReport;
import dev.sotto.relay.conference.ConferenceReport.SlotReport;
import dev.sotto.relay.conference.ConferenceReport.SourceReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** A conference's report as a tree that can be written as JSON. */
final class RelayReports {

  private RelayReports() {}

  static Map<String, Object> of(ConferenceReport report) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", report.id());
    tree.put("endpoints", report.endpoints().stream().map(RelayReports::of).toList());
    return tree;
  }

  private static Map<String, Object> of(EndpointReport endpoint) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", endpoint.id());
    tree.put("path", endpoint.path());
    tree.put("connected", endpoint.connected());
    tree.put("target-bps", endpoint.targetBps());
    tree.put("round-trip-ms", endpoint.roundTripMillis());
    tree.put("queued-packets", endpoint.queuedPackets());
    tree.put("sources", endpoint.sources().stream().map(RelayReports::of).toList());
    tree.put("slots", endpoint.slots().stream().map(RelayReports::of).toList());
    return tree;
  }

  private static Map<String, Object> of(SourceReport source) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", source.id());
    tree.put("kind", source.kind());
    tree.put("muted", source.muted());
    tree.put("bitrate-bps", source.bitrateBps());
    tree.put("receivers", source.receivers());
    return tree;
  }

  private static Map<String, Object> of(SlotReport slot) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("ssrc", slot.ssrc());
    tree.put("source", slot.source());
    tree.put("layer", slot.layer());
    return tree;
  }
}
