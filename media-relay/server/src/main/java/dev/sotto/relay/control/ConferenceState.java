package dev.sotto.relay.control;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One conference as the directory holds it, with an index of whose each SSRC and source is. */
final class ConferenceState {
  private final Optional<String> name;
  private final FeedbackSources feedback;
  private final Map<String, EndpointState> endpoints = new LinkedHashMap<>();
  private final Map<Long, String> ssrcOwners = new HashMap<>();
  private final Map<String, String> sourceOwners = new HashMap<>();
  private long version;
  private long lastActiveNanos;

  ConferenceState(Optional<String> name, FeedbackSources feedback) {
    this.name = name;
    this.feedback = feedback;
  }

  Optional<String> name() {
    return name;
  }

  FeedbackSources feedback() {
    return feedback;
  }

  long version() {
    return version;
  }

  Optional<EndpointState> endpoint(String id) {
    return Optional.ofNullable(endpoints.get(id));
  }

  Collection<EndpointState> endpoints() {
    return endpoints.values();
  }

  Optional<String> ssrcOwner(long ssrc) {
    return Optional.ofNullable(ssrcOwners.get(ssrc));
  }

  Optional<String> sourceOwner(String sourceId) {
    return Optional.ofNullable(sourceOwners.get(sourceId));
  }

  void touch(long nowNanos) {
    lastActiveNanos = nowNanos;
  }

  long idleNanos(long nowNanos) {
    return nowNanos - lastActiveNanos;
  }

  /** Takes the steps of a plan that was made for this very state. */
  void apply(List<EndpointStep> steps, long newVersion) {
    version = newVersion;
    // All that is given up first: within one request an SSRC may pass from one to another.
    List<EndpointState> coming = new ArrayList<>();
    for (EndpointStep step : steps) {
      switch (step) {
        case EndpointStep.Created created -> coming.add(created.now());
        case EndpointStep.Modified modified -> {
          disown(modified.before());
          coming.add(modified.now());
        }
        case EndpointStep.Expired expired -> {
          disown(expired.before());
          endpoints.remove(expired.endpointId());
        }
        case EndpointStep.Absent _ -> {}
      }
    }
    coming.forEach(this::own);
  }

  private void disown(EndpointState endpoint) {
    endpoint.forEachSentSsrc(ssrcOwners::remove);
    endpoint.sources().forEach(source -> sourceOwners.remove(source.id()));
  }

  private void own(EndpointState endpoint) {
    endpoints.put(endpoint.id(), endpoint);
    endpoint.forEachSentSsrc(ssrc -> ssrcOwners.put(ssrc, endpoint.id()));
    endpoint.sources().forEach(source -> sourceOwners.put(source.id(), endpoint.id()));
  }
}
