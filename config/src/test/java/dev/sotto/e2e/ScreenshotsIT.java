package dev.sotto.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pictures of each screen at phone and desktop width, light and dark, left in {@code
 * config/target/screenshots} for a person to look at; and that none of them scrolls.
 */
@NeedsChromium
final class ScreenshotsIT {

  private static final Path FOLDER = Path.of("target", "screenshots");

  @TempDir private Path data;

  /** A screen that pictures are taken on. */
  private record Screen(String name, int width, int height, boolean phone) {}

  private static final List<Screen> SCREENS =
      List.of(new Screen("desktop", 1440, 900, false), new Screen("phone", 390, 844, true));

  @Test
  void everyScreenFitsPhoneAndDesktopInLightAndDarkAndCanBeUsedByEverybody() {
    try (SottoProcess sotto = SottoProcess.onFreePorts(data);
        Person alice = new Person("alice");
        Person bob = new Person("bob")) {
      alice.browser().open("http://localhost:" + sotto.url().getPort() + "/");
      alice.browser().awaitShown("sign-in-form");
      take(alice, "sign-in");

      alice.signIn(sotto.url());
      bob.signIn(sotto.url());
      alice.browser().awaitContact(bob.jid(), true);
      take(alice, "people");

      alice.callWithVideo(bob);
      alice.awaitState("ringing");
      take(alice, "ringing");
      bob.browser().awaitShown("incoming");
      take(bob, "incoming");

      bob.answerWithVideo();
      alice.awaitMedia(30);
      bob.awaitMedia(30);
      take(alice, "call");

      bob.hangUp();
      alice.awaitEnd("peer-hung-up");
      alice.browser().awaitShown("ended");
      take(alice, "ended");
    }
  }

  private static void take(Person person, String name) {
    for (Screen screen : SCREENS) {
      person.browser().size(screen.width(), screen.height(), screen.phone());
      for (String scheme : List.of("light", "dark")) {
        person.browser().colourScheme(scheme);
        assertThat(
                person
                    .browser()
                    .evaluate(
                        "document.documentElement.scrollWidth <= window.innerWidth"
                            + " && document.documentElement.scrollHeight <= window.innerHeight"))
            .as("%s fits a %s without scrolling", name, screen.name())
            .isEqualTo(true);
        assertThat(person.browser().accessibilityViolations())
            .as("%s, %s, can be used by everybody", name, scheme)
            .isEmpty();
        person
            .browser()
            .screenshot(FOLDER.resolve("%s-%s-%s.png".formatted(name, screen.name(), scheme)));
      }
    }
    person.browser().size(1440, 900, false);
  }
}
