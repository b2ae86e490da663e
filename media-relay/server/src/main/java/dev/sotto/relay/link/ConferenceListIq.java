package dev.sotto.relay.link;

import dev.sotto.relay.colibri.SottoElement;
import java.io.IOException;
import java.util.List;
import org.jivesoftware.smack.packet.AbstractIqBuilder;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.IqData;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.IqProvider;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;

/** Asks for the conferences of a relay whose announcement has no room for all, or answers that. */
final class ConferenceListIq extends IQ {
  private static final String AFTER = "after";

  private final SottoElement content;

  private ConferenceListIq(IqData iqData, SottoElement content) {
    super(iqData, ConferencePage.ELEMENT, SottoElement.NAMESPACE);
    this.content = content;
  }

  /** Asks for those after this id. */
  static ConferenceListIq request(IqData iqData, String after) {
    SottoElement content = new SottoElement(ConferencePage.ELEMENT);
    content.setAttribute(AFTER, after);
    return new ConferenceListIq(iqData.ofType(IQ.Type.get), content);
  }

  /** The answer to this request. */
  ConferenceListIq answer(ConferencePage page) {
    return new ConferenceListIq(AbstractIqBuilder.createResponse(this), page.element());
  }

  /** The last id that whoever asks has; the empty string when it has none. */
  String after() {
    String after = content.getAttributeAsString(AFTER);
    return after == null ? "" : after;
  }

  /** What an answer lists. */
  List<String> ids() {
    return content.getChildExtensionsOfType(SottoElement.class).stream()
        .map(conference -> conference.getAttributeAsString(ConferencePage.ID))
        .toList();
  }

  @Override
  protected IQChildElementXmlStringBuilder getIQChildElementBuilder(
      IQChildElementXmlStringBuilder xml) {
    for (String name : content.getAttributeNames()) {
      xml.attribute(name, content.getAttributeAsString(name));
    }
    if (content.getChildExtensions().isEmpty()) {
      xml.setEmptyElement();
    } else {
      xml.rightAngleBracket();
      content.getChildExtensions().forEach(xml::append);
    }
    return xml;
  }

  /** Reads both. All of it, as what is left would be read as further children of the stanza. */
  static final class Provider extends IqProvider<ConferenceListIq> {
    static void register() {
      ProviderManager.addIQProvider(ConferencePage.ELEMENT, SottoElement.NAMESPACE, new Provider());
    }

    @Override
    public ConferenceListIq parse(
        XmlPullParser parser, int initialDepth, IqData iqData, XmlEnvironment environment)
        throws XmlPullParserException, IOException {
      SottoElement content = new SottoElement(ConferencePage.ELEMENT);
      content.setAttribute(AFTER, parser.getAttributeValue(AFTER));
      XmlPullParser.Event event = parser.next();
      while (event != XmlPullParser.Event.END_ELEMENT || parser.getDepth() != initialDepth) {
        if (event == XmlPullParser.Event.START_ELEMENT
            && parser.getName().equals(ConferencePage.CONFERENCE)) {
          content.addChildExtension(
              ConferencePage.conference(parser.getAttributeValue(ConferencePage.ID)));
        }
        event = parser.next();
      }
      return new ConferenceListIq(iqData, content);
    }
  }
}
