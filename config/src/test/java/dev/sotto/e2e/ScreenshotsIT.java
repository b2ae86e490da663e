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
  private record Screen(String name, int width, int height, boolean phone) {
    /** Lists and forms need more height than this; calls never do. */
    boolean scrolls() {
      return height < 500;
    }
  }

  private static final List<Screen> SCREENS =
      List.of(
          new Screen("desktop", 1440, 900, false),
          new Screen("phone", 390, 844, true),
          new Screen("phone-on-its-side", 844, 390, true));

  /** Everything that a person must be able to press, where it is shown at all. */
  private static final String EVERY_CONTROL_IS_ON_THE_SCREEN =
      """
      [...document.querySelectorAll('dialog[open] button, .call button, .contact .round')]
        .filter(button => button.checkVisibility() && !button.closest('[inert]'))
        .filter(button => !document.querySelector('dialog[open]') || button.closest('dialog'))
        .every(button => {
          const { left, top, right, bottom } = button.getBoundingClientRect();
          const dialog = button.closest('dialog, .call');
          const height = dialog ? innerHeight : Infinity;
          return left >= 0 && top >= 0 && right <= innerWidth && bottom <= height;
        })\
      """;

  /** Where the list of people, here or behind a dialog, may need more height than a phone has. */
  private static final String LIST_OF_ANY_LENGTH = "long-";

  private static final String LONG_NAME =
      "maximilian.alexander.featherstonehaugh-wolfeschlegelsteinhausen".repeat(3);

  @Test
  void everyScreenFitsPhoneAndDesktopInLightAndDarkAndCanBeUsedByEverybody() {
    try (SottoProcess sotto = SottoProcess.onFreePorts(data);
        Person alice = new Person("alice");
        Person bob = new Person("bob");
        Person longName = new Person(LONG_NAME)) {
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
      alice.dismiss();
      bob.dismiss();

      try (Person app = new Person("0b6f4c1e-9d53-4ab7-8c1d-2f0e6a1b7c88")) {
        app.signIn(sotto.url());
      }
      longName.signIn(sotto.url());
      alice.browser().awaitContact(longName.jid(), true);
      take(alice, LIST_OF_ANY_LENGTH + "names");
      longName.callWithVideo(alice);
      alice.browser().awaitShown("incoming");
      take(alice, LIST_OF_ANY_LENGTH + "incoming");
      alice.answerWithSound();
      alice.awaitState("active");
      take(alice, LIST_OF_ANY_LENGTH + "call");
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
                            + (screen.scrolls() || name.startsWith(LIST_OF_ANY_LENGTH)
                                ? ""
                                : " && document.documentElement.scrollHeight"
                                    + " <= window.innerHeight")))
            .as("%s fits a %s without scrolling", name, screen.name())
            .isEqualTo(true);
        assertThat(person.browser().evaluate(EVERY_CONTROL_IS_ON_THE_SCREEN))
            .as("every control of %s is on the screen of a %s", name, screen.name())
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
