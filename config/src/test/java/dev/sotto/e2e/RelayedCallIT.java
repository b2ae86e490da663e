package dev.sotto.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What Sotto is for, as a first user would see it. */
@NeedsChromium
final class RelayedCallIT {

  @Test
  void twoBrowsersThatCannotSeeEachOtherTalkThroughTheDefaultServer() {
    try (SottoProcess sotto = SottoProcess.withDefaults();
        Person alice = new Person("alice");
        Person bob = new Person("bob")) {
      alice.signIn(sotto.url(), "relay=only");
      bob.signIn(sotto.url(), "relay=only");

      alice.callWithVideo(bob);
      bob.answerWithVideo();

      alice.awaitMedia(100);
      bob.awaitMedia(100);
      assertThat(alice.candidateTypes()).isEqualTo("relay/relay");
      assertThat(bob.candidateTypes()).isEqualTo("relay/relay");
      assertThat(alice.browser().text("call-path")).contains("Relayed");

      alice.hangUp();
      alice.awaitEnd("hung-up");
      bob.awaitEnd("peer-hung-up");
      assertThat(alice.browser().consoleErrors()).isEmpty();
      assertThat(bob.browser().consoleErrors()).isEmpty();
    }
  }
}
