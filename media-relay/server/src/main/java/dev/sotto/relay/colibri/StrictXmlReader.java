package dev.sotto.relay.colibri;

import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.control.Texts;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import javax.xml.namespace.QName;
import org.jitsi.xmpp.extensions.AbstractPacketExtension;
import org.jitsi.xmpp.extensions.colibri2.Colibri2Endpoint;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifyIQ;
import org.jivesoftware.smack.packet.IqData;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;

/**
 * Reads a conference-modify by the grammar. Smack's own providers skip what they do not know, take
 * the first of two and read any word as "false"; here each of these is a refusal.
 */
final class StrictXmlReader {
  /** More than the largest request within the limits; what is more is made to cost memory. */
  private static final int MAX_ELEMENTS = 50_000;

  private static final ElementRule REQUEST =
      ElementRule.of(() -> new RequestElement())
          .attributes("meeting-id", "name", "create", "expire", "rtcstats-enabled")
          .many(RequestGrammar.endpoint())
          .one(RequestGrammar.connects())
          .refuse(ConferenceModifyIQ.NAMESPACE, "relay", RequestGrammar.NO_RELAYS);

  /** The request itself, which Smack has as an IQ and not as an element. */
  private static final class RequestElement extends AbstractPacketExtension {
    RequestElement() {
      super(ConferenceModifyIQ.NAMESPACE, ConferenceModifyIQ.ELEMENT);
    }
  }

  private final XmlPullParser parser;
  private int elements;

  private StrictXmlReader(XmlPullParser parser) {
    this.parser = parser;
  }

  /**
   * Reads from the start of the conference-modify to its end.
   *
   * @throws ControlException with the first fault; the parser is somewhere within then
   * @throws XmlPullParserException when it is not XML
   */
  static ConferenceModifyIQ read(XmlPullParser parser, IqData iqData)
      throws XmlPullParserException, IOException {
    AbstractPacketExtension request = new StrictXmlReader(parser).element(REQUEST);
    String meetingId = Attributes.requiredText(request, ConferenceModifyIQ.MEETING_ID_ATTR_NAME);
    if (meetingId.isBlank()) {
      throw Attributes.bad("conference-modify has a blank meeting-id");
    }
    Attributes.flag(request, ConferenceModifyIQ.RTCSTATS_ENABLED_ATTR_NAME);
    ConferenceModifyIQ.Builder builder =
        ConferenceModifyIQ.builder(iqData)
            .setMeetingId(meetingId)
            .setConferenceName(request.getAttributeAsString(ConferenceModifyIQ.NAME_ATTR_NAME))
            .setCreate(Attributes.flag(request, ConferenceModifyIQ.CREATE_ATTR_NAME))
            .setExpire(Attributes.flag(request, ConferenceModifyIQ.EXPIRE_ATTR_NAME));
    request.getChildExtensionsOfType(Colibri2Endpoint.class).forEach(builder::addEndpoint);
    return builder.build();
  }

  private AbstractPacketExtension element(ElementRule rule)
      throws XmlPullParserException, IOException {
    if (++elements > MAX_ELEMENTS) {
      throw new ControlException(
          ErrorCode.LIMIT_LENGTH,
          "the request has more than %d elements; split it".formatted(MAX_ELEMENTS));
    }
    AbstractPacketExtension element = rule.create();
    for (int i = 0; i < parser.getAttributeCount(); i++) {
      rule.checkAttribute(parser.getAttributeNamespace(i), parser.getAttributeName(i));
      element.setAttribute(parser.getAttributeName(i), parser.getAttributeValue(i));
    }
    StringBuilder text = new StringBuilder();
    Set<QName> seen = new HashSet<>();
    while (true) {
      switch (parser.next()) {
        case START_ELEMENT -> element.addChildExtension(element(rule.child(name(), seen)));
        case END_ELEMENT -> {
          if (rule.hasText()) {
            element.setText(text.toString());
          } else if (!text.toString().isBlank()) {
            throw Attributes.bad(
                "%s has the text %s; it takes none"
                    .formatted(rule.elementName(), Texts.quoted(text.toString())));
          }
          return element;
        }
        case TEXT_CHARACTERS -> text.append(parser.getText());
        case END_DOCUMENT -> throw new IOException("the request ends within an element");
        default -> throw Attributes.bad(rule.elementName() + " has other than elements and text");
      }
    }
  }

  private QName name() {
    return new QName(parser.getNamespace(), parser.getName());
  }
}
