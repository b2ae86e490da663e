package dev.sotto.relay.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pace of announcements, on a virtual clock")
class AnnouncementPaceTest {
  private static final long AT_MOST = 2;
  private static final long AT_LEAST = 15;

  private long now = 500;
  private final AnnouncementPace pace = new AnnouncementPace(AT_MOST, AT_LEAST);

  @Test
  void a_new_connection_begins_with_one() {
    assertThat(pace.waitNanos(now)).isZero();
    assertThat(look("m1")).isTrue();
  }

  @Test
  void a_change_is_announced_but_not_at_once_after_another() {
    look("m1");
    assertThat(pace.waitNanos(now)).isEqualTo(AT_MOST);
    now += AT_MOST;
    assertThat(pace.waitNanos(now)).isZero();
    assertThat(look("m1", "m2")).isTrue();
  }

  @Test
  void what_has_not_changed_is_announced_now_and_then() {
    long first = now;
    look("m1");
    boolean due = false;
    while (!due) {
      now += pace.waitNanos(now);
      due = look("m1");
    }
    assertThat(now - first).isBetween(AT_LEAST, AT_LEAST + AT_MOST);
  }

  @Test
  void who_asks_is_told_what_has_not_changed() {
    look("m1");
    now += AT_MOST;
    assertThat(look("m1")).isFalse();
    pace.ask();
    now += AT_MOST;
    assertThat(look("m1")).isTrue();
    now += AT_MOST;
    assertThat(look("m1")).isFalse();
  }

  @Test
  void stress_counts_in_hundredths() {
    assertThat(announcement(0.501, "m1")).isEqualTo(announcement(0.499, "m1"));
    assertThat(announcement(0.51, "m1")).isNotEqualTo(announcement(0.5, "m1"));
  }

  private boolean look(String... conferences) {
    pace.look(now);
    return pace.isDue(announcement(0, conferences), now);
  }

  private static Announcement announcement(double stress, String... conferences) {
    return Announcement.of(
        Links.settings(5222), new RelayStatus(stress, false, 0, List.of(conferences)));
  }
}
