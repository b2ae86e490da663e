package dev.sotto.e2e;

import static dev.sotto.e2e.Chromium.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls between people at the page, each way that a call can go. */
@NeedsChromium
final class CallsIT {

  @TempDir private static Path data;
  private static SottoProcess sotto;
  private static Person alice;
  private static Person bob;

  @BeforeAll
  static void start() {
    sotto = SottoProcess.onFreePorts(data);
    alice = new Person("alice");
    bob = new Person("bob");
  }

  @AfterAll
  static void stop() {
    alice.close();
    bob.close();
    sotto.close();
  }

  @BeforeEach
  void signIn() {
    alice.signIn(sotto.url(), "no-answer-after=60s");
    bob.signIn(sotto.url());
  }

  @AfterEach
  void nothingWentWrongInThePages() {
    assertThat(alice.browser().consoleErrors()).isEmpty();
    assertThat(bob.browser().consoleErrors()).isEmpty();
  }

  @Test
  void aCallConnectsDirectlyAndTheCallerHangsUp() {
    alice.callWithVideo(bob);
    alice.awaitState("ringing");
    bob.answerWithVideo();
    alice.awaitMedia(30);
    bob.awaitMedia(30);
    alice.awaitCandidates("(host|srflx|prflx)/(host|srflx|prflx)");
    alice.browser().awaitTextWith("call-path", "Direct");

    alice.hangUp();

    alice.awaitEnd("hung-up");
    bob.awaitEnd("peer-hung-up");
  }

  @Test
  void theOneWhoAnsweredHangsUpAVoiceCall() {
    alice.callWithSound(bob);
    bob.answerWithSound();
    alice.awaitMedia(0);
    bob.awaitMedia(0);

    bob.hangUp();

    bob.awaitEnd("hung-up");
    alice.awaitEnd("peer-hung-up");
  }

  @Test
  void aDeclinedCallSaysSo() {
    alice.callWithVideo(bob);
    bob.decline();
    alice.awaitEnd("declined");
    bob.awaitEnd("declined-here");
  }

  @Test
  void aCancelledCallStopsRinging() {
    alice.callWithVideo(bob);
    bob.browser().awaitShown("incoming");
    alice.hangUp();
    alice.awaitEnd("cancelled");
    bob.awaitEnd("missed");
    bob.browser().awaitGone("incoming");
  }

  @Test
  void nobodyAnswers() {
    alice.signIn(sotto.url(), "no-answer-after=2s");
    alice.callWithVideo(bob);
    bob.browser().awaitShown("incoming");
    alice.awaitEnd("no-answer");
    bob.awaitEnd("missed");
    alice.browser().awaitText("ended-title", "No answer");
  }

  @Test
  void aThirdCallerHearsThatTheLineIsBusy() {
    alice.callWithSound(bob);
    bob.answerWithSound();
    alice.awaitMedia(0);
    try (Person carol = new Person("carol")) {
      carol.signIn(sotto.url());
      carol.callWithVideo(bob);
      carol.awaitEnd("busy");
    }
    assertThat(bob.browser().evaluate("window.sotto.call.state")).isEqualTo("active");
    alice.hangUp();
    bob.awaitEnd("peer-hung-up");
  }

  @Test
  void theOtherTabStopsRingingWhenOneAnswers() {
    String first = bob.browser().openTab(bob.address(sotto.url()));
    String second = bob.browser().tab();
    bob.browser().awaitTrue("window.sotto?.connection === 'online'", PATIENCE);
    alice.callWithSound(bob);
    bob.browser().awaitShown("incoming");
    bob.browser().toTab(first);
    bob.answerWithSound();
    bob.browser().toTab(second);
    bob.awaitEnd("answered-elsewhere");
    bob.browser().awaitGone("incoming");
    bob.browser().closeTab(first);
    alice.awaitMedia(0);
    alice.hangUp();
    bob.awaitEnd("peer-hung-up");
  }

  @Test
  void closingOneRingingTabLeavesTheOtherRinging() {
    String first = bob.browser().openTab(bob.address(sotto.url()));
    bob.browser().awaitTrue("window.sotto?.connection === 'online'", PATIENCE);
    alice.callWithSound(bob);
    alice.awaitState("ringing");
    bob.browser().awaitShown("incoming");
    bob.browser().closeTab(first);
    bob.answerWithSound();
    alice.awaitMedia(0);
    alice.hangUp();
    bob.awaitEnd("peer-hung-up");
  }

  @Test
  void aReloadStaysSignedIn() {
    // Without the parameters that would sign in once more.
    bob.browser().open("http://localhost:" + sotto.url().getPort() + "/");
    bob.browser().awaitTrue("window.sotto?.connection === 'online'", PATIENCE);
    bob.browser().reload();
    bob.browser().awaitTrue("window.sotto?.connection === 'online'", PATIENCE);
    bob.browser().awaitText("my-address", bob.jid());
  }

  @Test
  void onesOwnAddressIsNamedAsThatAndCannotBeCalled() {
    alice.browser().type("search", alice.jid());
    alice.browser().awaitText("own-address", "This is your own address.");
    assertThat(alice.browser().shows("dial")).isFalse();
  }

  @Test
  void theKeyboardGoesOnWhereTheCallBegan() {
    alice.browser().awaitTrue("document.activeElement.textContent === 'People'", PATIENCE);
    alice.callWithSound(bob);
    bob.decline();
    alice.awaitEnd("declined");
    alice.browser().click("ended-close");
    alice
        .browser()
        .awaitTrue("document.activeElement.getAttribute('aria-label') === 'Call Bob'", PATIENCE);
  }

  @Test
  void callingSomeoneWhoIsOfflineSaysSoAndTheyLearnOfIt() {
    bob.browser().click("sign-out");
    bob.browser().awaitShown("sign-in-form");
    alice.browser().awaitContact(bob.jid(), false);
    alice.browser().clickFor("call-audio", bob.jid());
    alice.awaitEnd("peer-offline");
    bob.signIn(sotto.url());
    bob.browser().awaitShown("missed-call");
    bob.browser().awaitGone("incoming");
  }

  @Test
  void mutingSilencesAndTheCameraIsReleased() {
    alice.callWithVideo(bob);
    bob.answerWithVideo();
    bob.awaitMedia(10);
    String camera = "document.querySelector('[data-testid=self-view]').srcObject.getVideoTracks()";
    alice
        .browser()
        .awaitTrue("(window.cameraBefore = " + camera + "[0]).kind === 'video'", PATIENCE);

    alice.browser().click("mute");
    alice.browser().click("camera");
    alice.browser().awaitTrue("window.cameraBefore.readyState === 'ended'", PATIENCE);
    bob.browser().awaitText("call-notice", "Alice’s microphone is off.");
    // Chromium's pretended microphone beeps every second: this is no pause between two beeps.
    bob.awaitStillness(Duration.ofSeconds(4));

    alice.browser().click("mute");
    alice.browser().click("camera");
    alice.browser().awaitTrue(camera + "[0].readyState === 'live'", PATIENCE);
    bob.awaitMore();
    alice.hangUp();
    bob.awaitEnd("peer-hung-up");
  }
}
