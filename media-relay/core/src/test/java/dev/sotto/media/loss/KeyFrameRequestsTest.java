package dev.sotto.media.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KeyFrameRequestsTest {
  private static final long MILLIS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int ALICE = 0;
  private static final int BOB = 1;
  private static final int CAROL = 2;

  private final KeyFrameRequests requests =
      new KeyFrameRequests(new KeyFrameSettings(300 * MILLIS, 1000 * MILLIS, 500 * MILLIS, 3), 3);

  /** Near the wrap-around of the clock, which every comparison has to survive. */
  private long now = Long.MAX_VALUE - 400 * MILLIS;

  private void pass(long millis) {
    now += millis * MILLIS;
  }

  /** How often the source is asked in that time, polled every millisecond. */
  private int asked(long millis) {
    int count = 0;
    for (long i = 0; i < millis; i++) {
      count += requests.poll(now) ? 1 : 0;
      pass(1);
    }
    return count;
  }

  @Test
  void the_first_request_goes_to_the_source_at_once() {
    assertThat(requests.poll(now)).isFalse();
    assertThat(requests.nanosUntilDue(now)).isEqualTo(KeyFrameRequests.NEVER);
    requests.request(ALICE, now);

    assertThat(requests.nanosUntilDue(now)).isZero();
    assertThat(requests.poll(now)).isTrue();
    assertThat(requests.poll(now)).isFalse();
    assertThat(requests.isPending()).isTrue();
  }

  @Test
  void requests_of_several_are_one_to_the_source() {
    requests.request(ALICE, now);
    requests.request(BOB, now);
    assertThat(requests.poll(now)).isTrue();
    pass(100);
    requests.request(CAROL, now);
    requests.request(ALICE, now);

    assertThat(asked(399)).isZero();
    assertThat(requests.mergedRequests()).isEqualTo(3);
    requests.onKeyFrame();
    assertThat(asked(5000)).isZero();
  }

  @Test
  void a_request_is_repeated_until_a_key_frame_came() {
    requests.request(ALICE, now);
    requests.poll(now);
    assertThat(requests.nanosUntilDue(now)).isEqualTo(500 * MILLIS);
    pass(499);
    assertThat(requests.poll(now)).isFalse();
    pass(1);
    assertThat(requests.poll(now)).isTrue();
    pass(100);
    requests.onKeyFrame();

    assertThat(requests.isPending()).isFalse();
    assertThat(requests.nanosUntilDue(now)).isEqualTo(KeyFrameRequests.NEVER);
    assertThat(asked(5000)).isZero();
  }

  @Test
  void a_key_frame_that_never_comes_is_given_up() {
    requests.request(ALICE, now);

    assertThat(asked(10_000)).isEqualTo(3);
    assertThat(requests.isPending()).isFalse();
    assertThat(requests.givenUpRequests()).isEqualTo(1);
    requests.request(ALICE, now);
    assertThat(requests.poll(now)).isTrue();
  }

  @Test
  void the_source_is_asked_again_after_its_interval_at_the_soonest() {
    requests.request(ALICE, now);
    requests.poll(now);
    pass(50);
    requests.onKeyFrame();
    pass(50);
    requests.request(BOB, now);

    assertThat(requests.nanosUntilDue(now)).isEqualTo(200 * MILLIS);
    assertThat(asked(200)).isZero();
    assertThat(requests.poll(now)).isTrue();
  }

  @Test
  void a_requester_is_served_once_in_its_interval_and_never_forgotten() {
    requests.request(ALICE, now);
    requests.poll(now);
    requests.onKeyFrame();
    pass(500);
    requests.request(ALICE, now);

    assertThat(requests.nanosUntilDue(now)).isEqualTo(500 * MILLIS);
    pass(500);
    assertThat(requests.poll(now)).isTrue();
  }

  @Test
  void a_requester_whose_request_was_merged_has_been_served_by_it() {
    requests.request(ALICE, now);
    requests.poll(now);
    pass(10);
    requests.request(BOB, now);
    pass(40);
    requests.onKeyFrame();
    pass(350);
    requests.request(BOB, now);

    assertThat(requests.nanosUntilDue(now)).isEqualTo(610 * MILLIS);
    requests.request(CAROL, now);
    assertThat(requests.poll(now)).as("its interval is not that of another").isTrue();
  }

  @Test
  void a_source_that_was_given_up_is_asked_again_within_the_interval_of_the_requester() {
    requests.request(ALICE, now);
    assertThat(asked(1501)).isEqualTo(3);
    assertThat(requests.isPending()).isFalse();
    requests.request(ALICE, now);
    requests.request(ALICE, now);

    assertThat(requests.poll(now)).isTrue();
    assertThat(requests.mergedRequests()).isEqualTo(1);
    assertThat(asked(499)).isZero();
  }

  @Test
  void one_that_asks_all_the_time_gets_one_key_frame_an_interval() {
    int asked = 0;
    for (int i = 0; i < 10_000; i++) {
      requests.request(ALICE, now);
      if (requests.poll(now)) {
        asked++;
        requests.onKeyFrame();
      }
      pass(1);
    }

    assertThat(asked).isEqualTo(10);
  }

  @Test
  void all_that_ask_all_the_time_get_no_more_than_the_source_gives() {
    int asked = 0;
    for (int i = 0; i < 9000; i++) {
      requests.request(i % 3, now);
      if (requests.poll(now)) {
        asked++;
        requests.onKeyFrame();
      }
      pass(1);
    }

    assertThat(asked).isBetween(9, 30);
  }

  @Test
  void one_that_asks_too_often_does_not_delay_another() {
    requests.request(ALICE, now);
    requests.poll(now);
    requests.onKeyFrame();
    pass(400);
    requests.request(ALICE, now);
    assertThat(requests.nanosUntilDue(now)).isEqualTo(600 * MILLIS);
    requests.request(BOB, now);

    assertThat(requests.nanosUntilDue(now)).isZero();
    assertThat(requests.poll(now)).isTrue();
  }

  @Test
  void section_4_3_1_2_a_new_command_has_a_new_number_and_its_repetition_the_same() {
    requests.request(ALICE, now);
    requests.poll(now);
    int first = requests.commandNumber();
    pass(500);
    assertThat(requests.poll(now)).isTrue();
    assertThat(requests.commandNumber()).isEqualTo(first);
    requests.request(BOB, now);
    assertThat(requests.commandNumber()).isEqualTo(first);
    requests.onKeyFrame();
    pass(2000);
    requests.request(ALICE, now);

    assertThat(requests.commandNumber()).isEqualTo(first + 1);
  }

  @Test
  void section_4_3_1_2_the_number_wraps_after_255() {
    for (int i = 0; i < 256; i++) {
      requests.request(ALICE, now);
      requests.onKeyFrame();
    }

    assertThat(requests.commandNumber()).isZero();
  }

  @Test
  void section_4_3_1_2_a_repetition_of_a_requester_is_no_new_command() {
    requests.requestByCommand(ALICE, 7, now);
    requests.poll(now);
    requests.onKeyFrame();
    pass(2000);
    requests.requestByCommand(ALICE, 7, now);
    assertThat(requests.isPending()).isFalse();
    requests.requestByCommand(BOB, 7, now);
    assertThat(requests.isPending()).isTrue();
    requests.onKeyFrame();
    pass(2000);
    requests.requestByCommand(ALICE, 8, now);
    assertThat(requests.poll(now)).isTrue();
  }

  @Test
  void a_number_that_was_given_to_another_has_no_past() {
    requests.requestByCommand(ALICE, 7, now);
    requests.poll(now);
    requests.onKeyFrame();
    requests.forget(ALICE);
    pass(300);
    requests.requestByCommand(ALICE, 7, now);

    assertThat(requests.poll(now)).isTrue();
  }

  @Test
  void settings_that_contradict_each_other_are_refused() {
    assertThatThrownBy(() -> new KeyFrameSettings(2, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new KeyFrameSettings(0, 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new KeyFrameSettings(0, 0, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
