package dev.sotto.relay.colibri;

import static dev.sotto.relay.colibri.Attributes.bad;

import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.EndpointChange;
import dev.sotto.relay.control.EndpointSettings;
import dev.sotto.relay.control.ForcedMute;
import dev.sotto.relay.control.ReceiverConstraints;
import dev.sotto.relay.control.SourceDescription;
import dev.sotto.relay.control.Texts;
import java.util.List;
import java.util.Optional;
import org.jitsi.xmpp.extensions.AbstractPacketExtension;
import org.jitsi.xmpp.extensions.colibri2.AbstractConferenceEntity;
import org.jitsi.xmpp.extensions.colibri2.Colibri2Endpoint;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifyIQ;
import org.jitsi.xmpp.extensions.colibri2.ForceMute;
import org.jitsi.xmpp.extensions.colibri2.Sources;

/**
 * Reads a request out of COLIBRI2's elements, whose shape has been checked: every element and
 * attribute is a known one. Values are checked here as far as reading them needs.
 */
final class RequestReader {
  private RequestReader() {}

  /**
   * @throws ControlException with the first fault
   */
  static ConferenceRequest read(ConferenceModifyIQ request) {
    if (request.getCreate() && request.getExpire()) {
      throw bad("conference-modify has create and expire; choose one");
    }
    ConferenceRequest.Action action =
        request.getCreate()
            ? ConferenceRequest.Action.CREATE
            : request.getExpire()
                ? ConferenceRequest.Action.EXPIRE
                : ConferenceRequest.Action.MODIFY;
    return new ConferenceRequest(
        request.getMeetingId(),
        action,
        Optional.ofNullable(request.getConferenceName()),
        request.getEndpoints().stream().map(RequestReader::endpoint).toList());
  }

  private static EndpointChange endpoint(Colibri2Endpoint endpoint) {
    String id = Attributes.requiredText(endpoint, AbstractConferenceEntity.ID_ATTR_NAME);
    try {
      return change(id, endpoint);
    } catch (ControlException e) {
      throw new ControlException(
          e.code(), id, "endpoint %s: %s".formatted(Texts.quoted(id), e.getMessage()));
    }
  }

  private static EndpointChange change(String id, Colibri2Endpoint endpoint) {
    boolean create = Attributes.flag(endpoint, AbstractConferenceEntity.CREATE_ATTR_NAME);
    if (Attributes.flag(endpoint, AbstractConferenceEntity.EXPIRE_ATTR_NAME)) {
      if (create || !endpoint.getChildExtensions().isEmpty()) {
        throw bad("expire goes with nothing else");
      }
      return new EndpointChange.Expire(id);
    }
    EndpointSettings settings = settings(endpoint);
    return create
        ? new EndpointChange.Create(id, settings)
        : new EndpointChange.Modify(id, settings);
  }

  private static EndpointSettings settings(Colibri2Endpoint endpoint) {
    return new EndpointSettings(
        Optional.ofNullable(endpoint.getTransport()).map(TransportReader::read),
        endpoint.getMedia().stream().map(MediaReader::read).toList(),
        Optional.ofNullable(endpoint.getSources()).map(RequestReader::sources),
        Optional.ofNullable(endpoint.getForceMute()).map(RequestReader::forceMute),
        sotto(endpoint, SottoElement.RECEIVE_SLOTS).map(ReceiverReader::slots),
        constraints(endpoint));
  }

  private static List<SourceDescription> sources(Sources sources) {
    return sources.getMediaSources().stream().map(SourceReader::read).toList();
  }

  private static ForcedMute forceMute(ForceMute forceMute) {
    return new ForcedMute(
        Attributes.flag(forceMute, ForceMute.AUDIO_ATTR_NAME),
        Attributes.flag(forceMute, ForceMute.VIDEO_ATTR_NAME));
  }

  private static Optional<ReceiverConstraints> constraints(Colibri2Endpoint endpoint) {
    Optional<ReceiverConstraints> whole =
        sotto(endpoint, SottoElement.CONSTRAINTS).map(ReceiverReader::constraints);
    if (endpoint.getInitialLastN() == null) {
      return whole;
    }
    if (whole.isPresent()) {
      throw bad("initial-last-n and constraints; say last-n in the constraints");
    }
    return Optional.of(ReceiverReader.constraints(endpoint.getInitialLastN()));
  }

  private static Optional<SottoElement> sotto(AbstractPacketExtension parent, String name) {
    return parent.getChildExtensionsOfType(SottoElement.class).stream()
        .filter(element -> element.getElementName().equals(name))
        .findFirst();
  }
}
