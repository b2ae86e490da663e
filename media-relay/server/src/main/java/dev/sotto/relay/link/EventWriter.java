package dev.sotto.relay.link;

import dev.sotto.relay.colibri.SottoElement;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.MessageBuilder;

/** Writes what the focus is told of a conference as a message. */
final class EventWriter {
  private static final String SLOTS = "slots";
  private static final String SPEAKERS = "speakers";

  private EventWriter() {}

  /**
   * A headline, so that no server keeps it for a focus that is gone or gives it to another.
   *
   * @param message new and empty
   */
  static Message write(MessageBuilder message, EventOutbox.Letter letter) {
    SottoElement content =
        switch (letter.event()) {
          case ConferenceEvent.Slots slots -> slots(slots, letter.version());
          case ConferenceEvent.Speakers speakers -> speakers(speakers, letter.version());
        };
    return message.ofType(Message.Type.headline).to(letter.focus()).addExtension(content).build();
  }

  private static SottoElement slots(ConferenceEvent.Slots event, long version) {
    SottoElement slots = new SottoElement(SLOTS);
    slots.setAttribute("conference", event.conferenceId());
    slots.setAttribute("endpoint", event.endpointId());
    slots.setAttribute("version", version);
    for (ConferenceEvent.Slot each : event.slots()) {
      SottoElement slot = new SottoElement("slot");
      slot.setAttribute("ssrc", each.ssrc());
      each.occupant()
          .ifPresent(occupant -> {
            slot.setAttribute("source", occupant.sourceId());
            slot.setAttribute("endpoint", occupant.endpointId());
          });
      slots.addChildExtension(slot);
    }
    return slots;
  }

  private static SottoElement speakers(ConferenceEvent.Speakers event, long version) {
    SottoElement speakers = new SottoElement(SPEAKERS);
    speakers.setAttribute("conference", event.conferenceId());
    speakers.setAttribute("version", version);
    for (String id : event.endpointIds()) {
      SottoElement endpoint = new SottoElement("endpoint");
      endpoint.setAttribute("id", id);
      speakers.addChildExtension(endpoint);
    }
    return speakers;
  }
}
