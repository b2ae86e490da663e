package dev.sotto.signalling.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6121 sections 3 and 4: who sees whom. */
final class PresenceTest {

  private static final String PHONE = "alice@example.org/phone";
  private static final String DESK = "alice@example.org/desk";
  private static final String LAPTOP = "bob@example.org/laptop";

  private static String presence(String from, String to) {
    return "<presence from='" + from + "' to='" + to + "'/>";
  }

  private static String gone(String from, String to) {
    return "<presence type='unavailable' from='" + from + "' to='" + to + "'/>";
  }

  @Nested
  class AmongEveryone {

    private final Dialogue dialogue = Dialogue.amongEveryone();
    private final Device laptop = dialogue.available("bob/laptop");
    private final Device desk = dialogue.available("alice/desk");
    private final Device phone = dialogue.bound("alice/phone");

    AmongEveryone() {
      dialogue.quiet();
    }

    @Test
    void theFirstPresenceGoesBothWaysAndBack() {
      phone.says("<presence/>");

      phone.hearsInAnyOrder(presence(PHONE, PHONE), presence(DESK, PHONE), presence(LAPTOP, PHONE));
      laptop.hears(presence(PHONE, LAPTOP)).hearsNothing();
      desk.hears(presence(PHONE, DESK)).hearsNothing();
    }

    @Test
    void aLaterPresenceGoesOneWay() {
      phone.says("<presence/>");
      dialogue.quiet();

      phone
          .says("<presence><show>dnd</show></presence>")
          .hears("<presence from='" + PHONE + "' to='" + PHONE + "'><show>dnd</show></presence>")
          .hearsNothing();
      laptop.hears(
          "<presence from='" + PHONE + "' to='" + LAPTOP + "'><show>dnd</show></presence>");
    }

    @Test
    void aDeviceThatIsNotAvailableSeesNobody() {
      Device shy = dialogue.bound("carol/shy");

      phone.says("<presence/>");

      shy.hearsNothing();
    }

    @Test
    void whoeverComesLaterSeesTheLatestPresence() {
      phone.says("<presence/>", "<presence><show>away</show></presence>");

      Device carol = dialogue.bound("carol/tab").says("<presence/>");

      assertThat(carol.hearsRest())
          .filteredOn(stanza -> stanza.contains("phone"))
          .singleElement()
          .asString()
          .contains("<show>away</show>");
    }

    @Test
    void unavailableIsBroadcastWithItsStatusAndOnce() {
      phone.says("<presence/>");
      dialogue.quiet();

      phone.says(
          "<presence type='unavailable'><status>bye</status></presence>",
          "<presence type='unavailable'/>");
      phone.disconnects();

      laptop
          .hears(
              "<presence type='unavailable' from='"
                  + PHONE
                  + "' to='"
                  + LAPTOP
                  + "'><status>bye</status></presence>")
          .hearsNothing();
      phone.hearsNothing();
    }

    @Test
    void aBrokenConnectionIsUnavailable() {
      phone.says("<presence/>");
      dialogue.quiet();

      phone.disconnects();

      laptop.hears(gone(PHONE, LAPTOP)).hearsNothing();
      desk.hears(gone(PHONE, DESK)).hearsNothing();
    }

    @Test
    void aDeviceThatWasNeverAvailableLeavesUnnoticed() {
      phone.disconnects();

      laptop.hearsNothing();
      desk.hearsNothing();
    }

    @Test
    void whoIsToldByNameAndByBroadcastHearsOfTheEndOnce() {
      phone.says("<presence/>", "<presence to='" + LAPTOP + "'/>");
      dialogue.quiet();

      phone.disconnects();

      laptop.hears(gone(PHONE, LAPTOP)).hearsNothing();
    }

    @Test
    void aProbeIsAnsweredByEachAvailableDevice() {
      dialogue.bound("bob/silent");

      phone
          .says("<presence type='probe' to='bob@example.org'/>")
          .hears(presence(LAPTOP, PHONE))
          .hearsNothing();
    }

    @Test
    void aSubscriptionIsGrantedToKnownUsers() {
      phone
          .says("<presence type='subscribe' id='s' to='bob@example.org'/>")
          .hears(
              "<presence type='subscribed' from='bob@example.org' to='alice@example.org'/>",
              presence(LAPTOP, PHONE))
          .hearsNothing();
      laptop.hearsNothing();
    }

    @Test
    void aSubscriptionToAnUnknownUserIsRefused() {
      phone.says("<presence type='subscribe' to='never@example.org'/>");

      assertThat(phone.hears()).contains("type='error'", "<not-allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"subscribed", "unsubscribe", "unsubscribed"})
    void otherSubscriptionStanzasChangeNothing(String type) {
      phone.says("<presence type='" + type + "' to='bob@example.org'/>").hearsNothing();
      laptop.hearsNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"probe", "subscribe", "nonsense"})
    void whatNeedsAnAddresseeIsBadWithoutOne(String type) {
      phone.says("<presence type='" + type + "'/>");

      assertThat(phone.hears()).contains("type='error'", "<bad-request");
      laptop.hearsNothing();
    }

    /** RFC 6120 section 8.3.1: an error is never answered with an error. */
    @ParameterizedTest
    @ValueSource(strings = {"", "to='@'", "to='elsewhere.org'", "to='example.org'"})
    void anErrorIsNotAnswered(String to) {
      phone.says("<presence type='error' " + to + "/>").hearsNothing();
      laptop.hearsNothing();
    }
  }

  @Nested
  class AmongStrangers {

    private final Dialogue dialogue = Dialogue.amongStrangers();
    private final Device laptop = dialogue.available("bob/laptop");
    private final Device desk = dialogue.available("alice/desk");
    private final Device phone = dialogue.bound("alice/phone");

    @Test
    void onlyOwnDevicesSeeEachOther() {
      phone.says("<presence/>");

      phone.hearsInAnyOrder(presence(PHONE, PHONE), presence(DESK, PHONE));
      desk.hears(presence(PHONE, DESK));
      laptop.hearsNothing();
    }

    @Test
    void presenceByNameReachesOneDeviceAndIsTakenBackAtTheEnd() {
      Device tablet = dialogue.available("bob/tablet");
      dialogue.quiet();

      phone.says("<presence to='" + LAPTOP + "'/>").hearsNothing();
      laptop.hears(presence(PHONE, LAPTOP));
      phone.disconnects();

      laptop.hears(gone(PHONE, LAPTOP)).hearsNothing();
      tablet.hearsNothing();
    }

    @Test
    void presenceToAnAccountReachesItsAvailableDevices() {
      Device silent = dialogue.bound("bob/silent");

      phone.says("<presence to='bob@example.org'/>");

      laptop.hears(presence(PHONE, "bob@example.org")).hearsNothing();
      silent.hearsNothing();
    }

    @Test
    void presenceThatWasTakenBackByNameIsNotTakenBackAgain() {
      phone.says(
          "<presence to='" + LAPTOP + "'/>", "<presence type='unavailable' to='" + LAPTOP + "'/>");
      laptop.hears(presence(PHONE, LAPTOP), gone(PHONE, LAPTOP));

      phone.disconnects();

      laptop.hearsNothing();
    }

    @Test
    void unavailableTakesBackWhatWasShownByName() {
      phone.says("<presence/>", "<presence to='" + LAPTOP + "'/>");
      dialogue.quiet();

      phone.says("<presence type='unavailable'/>");

      laptop.hears(gone(PHONE, LAPTOP)).hearsNothing();
    }

    @Test
    void aProbeOfAStrangerIsNotAnswered() {
      phone.says("<presence type='probe' to='bob@example.org'/>").hearsNothing();
    }

    @Test
    void aProbeOfTheOwnAccountIsAnswered() {
      phone
          .says("<presence type='probe' to='alice@example.org'/>")
          .hears(presence(DESK, PHONE))
          .hearsNothing();
    }

    @Test
    void aSubscriptionIsRefused() {
      phone
          .says("<presence type='subscribe' id='s' to='bob@example.org'/>")
          .hears(
              "<presence type='error' id='s' from='bob@example.org' to='"
                  + PHONE
                  + "'><error type='cancel'><not-allowed"
                  + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>")
          .hearsNothing();
      laptop.hearsNothing();
    }

    /** Section 4.7.2.3: a byte; what is none counts as zero, which takes messages. */
    @ParameterizedTest
    @CsvSource({
      "127, true",
      "0, true",
      "'', true",
      "' 5 ', true",
      "-1, false",
      "-128, false",
      "128, true",
      "-129, true",
      "high, true"
    })
    void priorityDecidesWhetherMessagesToTheAccountAreTaken(String priority, boolean taken) {
      phone.says("<presence><priority>" + priority + "</priority></presence>");
      dialogue.quiet();

      laptop.says("<message to='alice@example.org' type='chat'><body>hi</body></message>");

      assertThat(phone.hearsRest()).hasSize(taken ? 1 : 0);
      assertThat(desk.hearsRest()).hasSize(1);
    }
  }
}
