package dev.sotto.relay.colibri;

import dev.sotto.relay.control.ControlException;
import java.io.IOException;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifyIQ;
import org.jivesoftware.smack.packet.IqData;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.IqProvider;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;

/** Reads conference-modify stanzas for the relay. */
public final class ControlIqProvider extends IqProvider<ControlIq> {

  /**
   * From now on Smack, in this whole process, reads conference-modify as {@link ControlIq}. Only
   * relays are sent any.
   */
  public static void register() {
    ProviderManager.addIQProvider(
        ConferenceModifyIQ.ELEMENT, ConferenceModifyIQ.NAMESPACE, new ControlIqProvider());
  }

  @Override
  public ControlIq parse(
      XmlPullParser parser, int initialDepth, IqData iqData, XmlEnvironment environment)
      throws XmlPullParserException, IOException {
    try {
      return new ControlIq(iqData, RequestReader.read(StrictXmlReader.read(parser, iqData)));
    } catch (ControlException refusal) {
      skipRest(parser, initialDepth);
      return new ControlIq(iqData, refusal);
    }
  }

  private static void skipRest(XmlPullParser parser, int initialDepth)
      throws XmlPullParserException, IOException {
    XmlPullParser.Event event = parser.getEventType();
    while (event != XmlPullParser.Event.END_ELEMENT || parser.getDepth() != initialDepth) {
      if (event == XmlPullParser.Event.END_DOCUMENT) {
        throw new IOException("the request ends within an element");
      }
      event = parser.next();
    }
  }
}
