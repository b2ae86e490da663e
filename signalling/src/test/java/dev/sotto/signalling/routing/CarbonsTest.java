package dev.sotto.signalling.routing;

import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0280: copies of messages for the other devices of both sides. */
final class CarbonsTest {

  private static final String FROM = "from='alice@example.org/phone' ";

  private final Dialogue dialogue = Dialogue.amongStrangers();
  private final Device phone = dialogue.withCarbons("alice/phone");
  private final Device desk = dialogue.withCarbons("alice/desk");
  private final Device laptop = dialogue.withCarbons("bob/laptop");
  private final Device tablet = dialogue.withCarbons("bob/tablet");

  CarbonsTest() {
    dialogue.quiet();
  }

  private static String message(String attributes, String children) {
    return "<message " + attributes + ">" + children + "</message>";
  }

  private static String copy(String direction, String device, String type, String message) {
    String account = device.substring(0, device.indexOf('/'));
    return "<message from='"
        + account
        + "' to='"
        + device
        + "' type='"
        + type
        + "'><"
        + direction
        + " xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
        + message.replaceFirst("<message ", "<message xmlns='jabber:client' ")
        + "</forwarded></"
        + direction
        + "></message>";
  }

  @Test
  void aChatToOneDeviceIsCopiedToTheOthersOfBothSides() {
    String attributes = "to='bob@example.org/laptop' type='chat' id='1'";
    String delivered = message(FROM + attributes, "<body>hi</body>");

    phone.says(message(attributes, "<body>hi</body>")).hearsNothing();

    laptop.hears(delivered).hearsNothing();
    tablet.hears(copy("received", "bob@example.org/tablet", "chat", delivered)).hearsNothing();
    desk.hears(copy("sent", "alice@example.org/desk", "chat", delivered)).hearsNothing();
  }

  @Test
  void whoWasReachedGetsNoCopy() {
    String attributes = "to='bob@example.org' type='chat' id='1'";
    String delivered = message(FROM + attributes, "<body>hi</body>");

    phone.says(message(attributes, "<body>hi</body>")).hearsNothing();

    laptop.hears(delivered).hearsNothing();
    tablet.hears(delivered).hearsNothing();
  }

  @Test
  void aNoteToTheOwnOtherDeviceIsNotDoubled() {
    String attributes = "to='alice@example.org/desk' type='chat' id='1'";

    phone.says(message(attributes, "<body>hi</body>")).hearsNothing();

    desk.hears(message(FROM + attributes, "<body>hi</body>")).hearsNothing();
  }

  @Test
  void aDeviceWithNegativePriorityGetsACopyOfWhatGoesToTheAccount() {
    tablet.says("<presence><priority>-1</priority></presence>");
    dialogue.quiet();
    String attributes = "to='bob@example.org' type='chat' id='1'";
    String delivered = message(FROM + attributes, "<body>hi</body>");

    phone.says(message(attributes, "<body>hi</body>"));

    laptop.hears(delivered).hearsNothing();
    tablet.hears(copy("received", "bob@example.org/tablet", "chat", delivered)).hearsNothing();
  }

  @Test
  void aNormalMessageWithABodyIsCopied() {
    String delivered = message(FROM + "to='bob@example.org/laptop'", "<body>hi</body>");

    phone.says(message("to='bob@example.org/laptop'", "<body>hi</body>"));

    desk.hears(copy("sent", "alice@example.org/desk", "normal", delivered)).hearsNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"type='chat'", "type='normal'", ""})
  void callSetUpIsCopiedThoughItHasNoBody(String type) {
    String propose = "<propose xmlns='urn:xmpp:jingle-message:0' id='c1'/>";
    String attributes = "to='bob@example.org/laptop' id='1' " + type;
    String shown = type.contains("chat") ? "chat" : "normal";
    String delivered = message(FROM + attributes, propose);

    phone.says(message(attributes, propose));

    tablet.hears(copy("received", "bob@example.org/tablet", shown, delivered)).hearsNothing();
    desk.hears(copy("sent", "alice@example.org/desk", shown, delivered)).hearsNothing();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<private xmlns='urn:xmpp:carbons:2'/><no-copy xmlns='urn:xmpp:hints'/>",
        "<private xmlns='urn:xmpp:carbons:2'/>",
        "<no-copy xmlns='urn:xmpp:hints'/>"
      })
  void privateMessagesAreNotCopied(String hint) {
    phone.says(message("to='bob@example.org/laptop' type='chat'", "<body>hi</body>" + hint));

    laptop.hears(
        message(FROM + "to='bob@example.org/laptop' type='chat'", "<body>hi</body>" + hint));
    tablet.hearsNothing();
    desk.hearsNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"headline", "groupchat", "error"})
  void otherTypesAreNotCopied(String type) {
    String attributes = "to='bob@example.org/laptop' type='" + type + "'";

    phone.says(message(attributes, "<body>hi</body>"));

    laptop.hears(message(FROM + attributes, "<body>hi</body>"));
    tablet.hearsNothing();
    desk.hearsNothing();
  }

  @Test
  void aNormalMessageWithoutABodyIsNotCopied() {
    phone.says(message("to='bob@example.org/laptop'", "<x xmlns='urn:example'/>"));

    tablet.hearsNothing();
    desk.hearsNothing();
  }

  /**
   * Receivers trust copies from their own bare JID only, so a client must not be able to use it.
   */
  @ParameterizedTest
  @ValueSource(strings = {"alice@example.org/desk", "alice@example.org", "bob@example.org/laptop"})
  void copiesThatAClientMadeComeFromItsFullJidAndAreNotCopied(String to) {
    String forged =
        "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
            + "<message xmlns='jabber:client' from='eve@example.org'><body>lie</body></message>"
            + "</forwarded></received>";
    String attributes = "to='" + to + "' type='chat'";

    phone.says(message("from='alice@example.org' " + attributes, forged));

    Device receiver = to.startsWith("bob") ? laptop : desk;
    receiver.hears(message(FROM + attributes, forged)).hearsNothing();
    tablet.hearsNothing();
    if (to.startsWith("bob")) {
      desk.hearsNothing();
    }
  }

  @Test
  void aDeviceThatTurnedCopiesOffGetsNone() {
    desk.says("<iq type='set' id='d'><disable xmlns='urn:xmpp:carbons:2'/></iq>");
    dialogue.quiet();

    phone.says(message("to='bob@example.org/laptop' type='chat'", "<body>hi</body>"));

    desk.hearsNothing();
  }

  @Test
  void strangersGetNoCopies() {
    Device eve = dialogue.withCarbons("eve/hack");
    dialogue.quiet();

    phone.says(message("to='bob@example.org/laptop' type='chat'", "<body>hi</body>"));

    eve.hearsNothing();
  }
}
