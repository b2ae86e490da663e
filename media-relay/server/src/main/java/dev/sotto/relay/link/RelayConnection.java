package dev.sotto.relay.link;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jivesoftware.smack.StanzaListener;
import org.jivesoftware.smack.filter.StanzaFilter;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.PresenceBuilder;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smack.util.Consumer;
import org.jivesoftware.smack.util.ParserUtils;
import org.jivesoftware.smack.util.Predicate;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;

/**
 * A connection of Smack's on which Smack answers nothing itself: its managers see what was asked by
 * the relay, all else goes to the relay. A stanza that a provider fails at is dropped, as anyone
 * may send one and it must not end the connection for all conferences.
 */
final class RelayConnection extends XMPPTCPConnection {
  /** Takes stanzas on the connection's thread, so it must not block. */
  @FunctionalInterface
  interface StanzaReader {
    void read(Stanza stanza);
  }

  /**
   * Smack warns of each loss, with a stack trace; the link has one line for it. Kept here, as the
   * logger would forget its level otherwise.
   */
  private static final Logger SMACK = Logger.getLogger("org.jivesoftware");

  static {
    SMACK.setLevel(Level.SEVERE);
  }

  private final StanzaReader onStanza;
  private final RawSockets sockets;

  /**
   * @param onStanza takes whatever comes, answers too
   */
  RelayConnection(
      XMPPTCPConnectionConfiguration configuration, RawSockets sockets, StanzaReader onStanza) {
    super(configuration);
    this.sockets = sockets;
    this.onStanza = onStanza;
    // What a lost connection left unsaid is said anew, by what is true then.
    setUseStreamManagement(false);
    setParsingExceptionCallback(_ -> {});
    Roster.getInstanceFor(this).setRosterLoadedAtLogin(false);
  }

  /** Ends it at once, whatever hangs in it. */
  void kill() {
    // First the socket: the end of TLS would wait for a writer that is stuck.
    sockets.close();
    instantShutdown();
  }

  @Override
  protected void parseAndProcessStanza(XmlPullParser parser)
      throws XmlPullParserException, IOException, InterruptedException {
    int depth = parser.getDepth();
    try {
      super.parseAndProcessStanza(parser);
    } catch (RuntimeException | StackOverflowError _) {
      // Smack throws at a request without a child, and reads some elements by recursion.
      ParserUtils.forwardToEndTagOfDepth(parser, depth);
    }
  }

  /** Smack's managers would put into presences what the relay does not say of itself. */
  @Override
  public void addPresenceInterceptor(
      Consumer<PresenceBuilder> interceptor, Predicate<Presence> filter) {}

  /** And would send a presence of theirs after one of the relay's. */
  @Override
  public void addStanzaSendingListener(StanzaListener listener, StanzaFilter filter) {}

  @Override
  protected void processStanza(Stanza stanza) throws InterruptedException {
    onStanza.read(stanza);
    if (stanza instanceof IQ iq && iq.isResponseIQ()) {
      super.processStanza(stanza);
    }
  }
}
