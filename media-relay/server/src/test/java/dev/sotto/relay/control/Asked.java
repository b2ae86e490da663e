package dev.sotto.relay.control;

import dev.sotto.relay.control.ConferenceRequest.Action;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Requests for tests, in few words. */
public final class Asked {
  public static final String CONFERENCE = "c";

  private Asked() {}

  public static ConferenceRequest creation(EndpointChange... endpoints) {
    return request(Action.CREATE, endpoints);
  }

  public static ConferenceRequest modification(EndpointChange... endpoints) {
    return request(Action.MODIFY, endpoints);
  }

  public static ConferenceRequest end() {
    return request(Action.EXPIRE);
  }

  public static ConferenceRequest request(Action action, EndpointChange... endpoints) {
    return new ConferenceRequest(CONFERENCE, action, Optional.empty(), List.of(endpoints));
  }

  public static EndpointChange join(String id) {
    return new EndpointChange.Create(id, EndpointSettings.NONE);
  }

  public static EndpointChange join(String id, SourceDescription... sources) {
    return new EndpointChange.Create(id, sends(sources));
  }

  public static EndpointChange change(String id, EndpointSettings settings) {
    return new EndpointChange.Modify(id, settings);
  }

  public static EndpointChange leave(String id) {
    return new EndpointChange.Expire(id);
  }

  public static EndpointSettings sends(SourceDescription... sources) {
    return new EndpointSettings(
        Optional.empty(),
        List.of(),
        Optional.of(List.of(sources)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public static EndpointSettings reachedAt(RemoteTransport transport) {
    return new EndpointSettings(
        Optional.of(transport),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public static EndpointSettings carries(MediaDescription... media) {
    return new EndpointSettings(
        Optional.empty(),
        List.of(media),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public static EndpointSettings receives(ReceiveSlots slots) {
    return new EndpointSettings(
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(slots),
        Optional.empty());
  }

  public static EndpointSettings wants(ReceiverConstraints constraints) {
    return new EndpointSettings(
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(constraints));
  }

  public static SourceDescription microphone(String id, long ssrc) {
    return new SourceDescription(
        id, SourceKind.AUDIO, Optional.empty(), List.of(encoding(ssrc, OptionalLong.empty())));
  }

  public static SourceDescription camera(String id, Encoding... encodings) {
    return new SourceDescription(id, SourceKind.CAMERA, Optional.empty(), List.of(encodings));
  }

  public static Encoding encoding(long ssrc, long rtxSsrc) {
    return encoding(ssrc, OptionalLong.of(rtxSsrc));
  }

  public static Encoding encoding(long ssrc, OptionalLong rtxSsrc) {
    return new Encoding(OptionalLong.of(ssrc), Optional.empty(), rtxSsrc);
  }

  public static Encoding learnt(String rid) {
    return new Encoding(OptionalLong.empty(), Optional.of(rid), OptionalLong.empty());
  }

  public static PayloadType opus(int number) {
    return new PayloadType(number, "opus", 48_000, 2, Map.of(), List.of());
  }
}
