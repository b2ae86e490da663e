package dev.sotto.relay.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.link.ConferenceEvent.Occupant;
import dev.sotto.relay.link.ConferenceEvent.Slot;
import dev.sotto.relay.link.ConferenceEvent.Slots;
import dev.sotto.relay.link.ConferenceEvent.Speakers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;

@DisplayName("The outbox of events")
class EventOutboxTest {
  private static final Jid FOCUS = JidCreate.fromOrThrowUnchecked("focus@relays.example.org/1");
  private static final Jid OTHER = JidCreate.fromOrThrowUnchecked("focus@relays.example.org/2");

  private final EventOutbox outbox = new EventOutbox(100);

  @Test
  void a_newer_state_replaces_the_one_that_waits_in_its_place() {
    outbox.address("m1", FOCUS);
    outbox.publish(speakers("m1", "alice"));
    outbox.publish(slots("m1", "bob", "alice-v0"));
    outbox.publish(speakers("m1", "bob"));

    assertThat(sent()).containsExactly(speakers("m1", "bob"), slots("m1", "bob", "alice-v0"));
  }

  @Test
  void versions_rise_and_stay_with_the_state_that_is_sent_again() {
    outbox.address("m1", FOCUS);
    outbox.publish(speakers("m1", "alice"));
    long first = outbox.take().orElseThrow().version();
    outbox.sendAllAgain();

    assertThat(outbox.take().orElseThrow().version()).isEqualTo(first);
    outbox.publish(speakers("m1", "bob"));
    assertThat(outbox.take().orElseThrow().version()).isGreaterThan(first);
  }

  @Test
  void what_is_known_already_is_not_sent() {
    outbox.address("m1", FOCUS);
    outbox.publish(speakers("m1", "alice"));
    sent();
    outbox.publish(speakers("m1", "alice"));
    outbox.address("m1", FOCUS);

    assertThat(sent()).isEmpty();
  }

  @Test
  void receivers_have_states_of_their_own() {
    outbox.address("m1", FOCUS);
    outbox.publish(slots("m1", "bob", "alice-v0"));
    outbox.publish(slots("m1", "carol", "alice-v0"));

    assertThat(sent()).hasSize(2);
  }

  @Test
  void what_comes_before_the_answer_to_its_creator_waits_for_an_addressee() {
    outbox.publish(speakers("m1", "alice"));
    assertThat(sent()).isEmpty();

    outbox.address("m1", FOCUS);
    assertThat(sent()).containsExactly(speakers("m1", "alice"));
  }

  @Test
  void a_focus_that_adopts_a_conference_is_told_all_of_it() {
    outbox.address("m1", FOCUS);
    outbox.publish(speakers("m1", "alice"));
    sent();
    outbox.address("m1", OTHER);

    assertThat(outbox.take().orElseThrow().focus().toString()).isEqualTo(OTHER.toString());
  }

  @Test
  void a_new_connection_is_told_the_newest_of_everything() {
    outbox.address("m1", FOCUS);
    outbox.publish(speakers("m1", "alice"));
    outbox.publish(slots("m1", "bob", "alice-v0"));
    sent();
    outbox.publish(slots("m1", "bob", "carol-v0"));
    outbox.sendAllAgain();

    assertThat(sent())
        .containsExactlyInAnyOrder(speakers("m1", "alice"), slots("m1", "bob", "carol-v0"));
  }

  @Test
  void beyond_its_bound_the_oldest_is_forgotten() {
    outbox.address("m1", FOCUS);
    outbox.publish(speakers("m1", "alice"));
    IntStream.range(0, 1_000).forEach(i -> outbox.publish(slots("m1", "e" + i, "alice-v0")));

    assertThat(outbox.size()).isEqualTo(100);
    assertThat(sent())
        .hasSize(100)
        .startsWith(slots("m1", "e900", "alice-v0"))
        .endsWith(slots("m1", "e999", "alice-v0"));
  }

  @Test
  void conferences_that_no_one_asked_for_by_xmpp_are_bounded_too() {
    IntStream.range(0, 1_000).forEach(i -> outbox.publish(speakers("m" + i, "alice")));

    assertThat(outbox.size()).isEqualTo(100);
    outbox.address("m1", FOCUS);
    assertThat(sent()).isEmpty();
  }

  @Test
  void of_who_has_left_and_what_has_ended_nothing_is_told() {
    outbox.address("m1", FOCUS);
    outbox.address("m2", FOCUS);
    outbox.publish(slots("m1", "bob", "alice-v0"));
    outbox.publish(speakers("m1", "alice"));
    outbox.publish(speakers("m2", "alice"));
    outbox.endpointLeft("m1", "bob");
    outbox.conferenceEnded("m2");

    assertThat(sent()).containsExactly(speakers("m1", "alice"));
    assertThat(outbox.size()).isEqualTo(1);
  }

  @Test
  void a_conference_that_the_relay_twice_does_not_hold_has_ended() {
    outbox.address("m1", FOCUS);
    outbox.publish(speakers("m1", "alice"));

    outbox.retain(Set.of());
    outbox.retain(Set.of("m1"));
    outbox.retain(Set.of());
    assertThat(outbox.size()).isEqualTo(1);
    outbox.retain(Set.of());
    assertThat(outbox.size()).isZero();
    assertThat(sent()).isEmpty();
  }

  @Test
  void of_many_speakers_the_first_are_named() {
    List<String> many = IntStream.range(0, 3_000).mapToObj(i -> "e" + i).toList();

    assertThat(new Speakers("m1", many).endpointIds())
        .isEqualTo(many.subList(0, Speakers.MAX_NAMED));
  }

  private List<ConferenceEvent> sent() {
    List<ConferenceEvent> events = new ArrayList<>();
    Optional<EventOutbox.Letter> letter = outbox.take();
    while (letter.isPresent()) {
      events.add(letter.get().event());
      letter = outbox.take();
    }
    return events;
  }

  private static Speakers speakers(String conference, String... endpoints) {
    return new Speakers(conference, List.of(endpoints));
  }

  private static Slots slots(String conference, String endpoint, String source) {
    return new Slots(
        conference, endpoint, List.of(new Slot(2001, Optional.of(new Occupant(source, "sender")))));
  }
}
