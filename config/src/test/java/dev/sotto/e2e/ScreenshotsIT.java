package dev.sotto.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pictures of each screen on phones and a desktop, light and dark, left in {@code
 * config/target/screenshots} for a person to look at; and that none of them scrolls.
 */
@NeedsChromium
final class ScreenshotsIT {

  private static final Path FOLDER = Path.of("target", "screenshots");

  @TempDir private Path data;

  /** A screen that pictures are taken on. */
  private record Screen(String name, int width, int height, boolean phone, List<String> schemes) {

    /** Forms and lists are higher than a phone on its side, and scroll there; calls never do. */
    boolean isLow() {
      return height < 500;
    }
  }

  private static final List<String> BOTH = List.of("light", "dark");

  private static final List<Screen> SCREENS =
      List.of(
          new Screen("desktop", 1440, 900, false, BOTH),
          new Screen("phone", 390, 844, true, BOTH),
          new Screen("phone-on-its-side", 844, 390, true, List.of("light")),
          new Screen("small-phone-on-its-side", 667, 375, true, List.of("dark")));

  /**
   * Everything that a person must be able to press is inside the page, and in a call on the screen.
   */
  private static final String EVERY_CONTROL_IS_WITHIN_REACH =
      """
      (() => {
        const dialog = document.querySelector('dialog[open]');
        const top = dialog ?? document.querySelector('.call') ?? document.querySelector('#app');
        const height = top.id === 'app' ? document.documentElement.scrollHeight : window.innerHeight;
        return [...top.querySelectorAll('button')]
          .filter(button => button.checkVisibility())
          .map(button => ({id: button.dataset.testid, box: button.getBoundingClientRect()}))
          .filter(({box}) => box.left < 0 || box.top < 0 || box.right > window.innerWidth
            || box.bottom > height)
          .map(({id}) => id)
          .join(' ');
      })()\
      """;

  private static final String LONG_NAME = "maximilian.featherstonehaugh-".repeat(10) + "the-tenth";
  private static final String NAME_OF_AN_APP = "0b6f4c1e-9d53-4ab7-8c1d-2f0e6a1b7c88";

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

      try (Person app = new Person(NAME_OF_AN_APP)) {
        app.signIn(sotto.url());
        alice.browser().awaitContact(app.jid(), true);
      }
      longName.signIn(sotto.url());
      alice.browser().awaitContact(NAME_OF_AN_APP + "@localhost", false);
      alice.browser().awaitContact(longName.jid(), true);
      take(alice, "people-long-names");

      longName.callWithVideo(alice);
      alice.browser().awaitShown("incoming");
      take(alice, "incoming-long-names");

      alice.answerWithSound();
      alice.awaitState("active");
      longName.browser().click("mute");
      alice.browser().awaitShown("call-notice");
      take(alice, "call-long-names");

      longName.hangUp();
      alice.awaitEnd("peer-hung-up");
      alice.browser().awaitShown("ended");
      take(alice, "ended-long-names");
    }
  }

  private static void take(Person person, String name) {
    boolean hasLongList = name.endsWith("long-names"); // each takes a second line
    for (Screen screen : SCREENS) {
      person.browser().size(screen.width(), screen.height(), screen.phone());
      for (String scheme : screen.schemes()) {
        person.browser().colourScheme(scheme);
        assertThat(
                person
                    .browser()
                    .evaluate(
                        "document.documentElement.scrollWidth <= window.innerWidth"
                            + (hasLongList || screen.isLow()
                                ? ""
                                : " && document.documentElement.scrollHeight <= window.innerHeight")))
            .as("%s fits a %s without scrolling", name, screen.name())
            .isEqualTo(true);
        assertThat(person.browser().evaluate(EVERY_CONTROL_IS_WITHIN_REACH))
            .as("controls of %s beyond the edge of a %s", name, screen.name())
            .isEqualTo("");
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
