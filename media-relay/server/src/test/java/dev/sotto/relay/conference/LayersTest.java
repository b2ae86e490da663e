package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.control.ForcedMute;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LayersTest {
  private final Room room = new Room();

  @AfterEach
  void nothing_has_leaked() {
    room.close();
  }

  private void estimate(Member member, long bitrateBps) {
    member.control(writer -> {
      writer.receiverReport(1);
      writer.receiverEstimate(1, bitrateBps, new int[] {1}, 1);
    });
  }

  /** The encodings that an endpoint gets, a letter for each slot, - for none. */
  private String layers(String endpointId) {
    StringBuilder layers = new StringBuilder();
    room.conference.report().endpoints().stream()
        .filter(endpoint -> endpoint.id().equals(endpointId))
        .flatMap(endpoint -> endpoint.slots().stream())
        .filter(slot -> slot.ssrc() >= 5100)
        .forEach(slot ->
            layers.append(
                slot.layer().equals("none") ? "-" : Camera.RIDS.get(slot.layer().charAt(0) - '0')));
    return layers.toString();
  }

  /** One that tells of its path by REMB alone. */
  private Member estimating(String id) {
    Described described = new Described(id).slots(0, 3, 5000);
    described.feedback =
        List.of(Described.feedback("nack", "pli"), Described.feedback("goog-remb", ""));
    Member member = room.join(described);
    member.givesFeedback = false;
    return member;
  }

  private Member sender(String id, int ssrc) {
    Member member = room.join(new Described(id).simulcast());
    Camera.simulcast(room, member, ssrc);
    return member;
  }

  @Test
  void the_layer_follows_the_rate_down_and_up_and_the_numbers_have_no_hole() {
    sender("alice", 20);
    Member bob = estimating("bob");
    estimate(bob, 4_000_000);
    room.seconds(4);
    assertThat(layers("bob")).isEqualTo("f--");
    estimate(bob, 800_000);
    room.seconds(2);
    assertThat(layers("bob")).isEqualTo("h--");
    estimate(bob, 250_000);
    room.seconds(2);
    assertThat(layers("bob")).isEqualTo("q--");
    estimate(bob, 4_000_000);
    room.seconds(8);
    assertThat(layers("bob")).isEqualTo("f--");
    List<Packet> got = bob.of(5100);
    for (int i = 1; i < got.size(); i++) {
      assertThat(got.get(i).sequence()).isEqualTo((got.get(i - 1).sequence() + 1) & 0xffff);
    }
  }

  @Test
  void a_path_that_feedback_shows_to_be_wide_is_used() {
    sender("alice", 20);
    room.join(new Described("bob").slots(0, 3, 5000));
    room.seconds(8);
    assertThat(layers("bob")).isEqualTo("f--");
  }

  @Test
  void where_nothing_fits_the_path_is_probed_until_something_does() {
    Member alice = room.join(new Described("alice").camera(2, 3));
    Member bob = room.join(new Described("bob").slots(0, 1, 5000));
    Camera camera = Camera.single(room, alice, 2);
    camera.describes = false;
    estimate(bob, 100_000);
    room.seconds(5);
    assertThat(bob.of(5100)).isEmpty();
    room.seconds(15);
    assertThat(bob.of(5100)).isNotEmpty();
  }

  @Test
  void a_receiver_gets_no_more_than_it_shows() {
    sender("alice", 20);
    Member bob = estimating("bob");
    estimate(bob, 20_000_000);
    for (Map.Entry<Integer, String> wanted :
        Map.of(180, "q--", 360, "h--", 720, "f--", 0, "---").entrySet()) {
      bob.described().maxHeight = OptionalInt.of(wanted.getKey());
      room.change(bob);
      room.seconds(5);
      assertThat(layers("bob")).isEqualTo(wanted.getValue());
    }
    bob.forget();
    bob.described().maxHeights = Map.of("alice-v0", 180);
    bob.described().maxHeight = OptionalInt.of(0);
    room.change(bob);
    room.seconds(5);
    assertThat(layers("bob")).isEqualTo("q--");
  }

  @Test
  void the_pinned_one_comes_first_and_last_n_bounds_the_rest() {
    sender("alice", 20);
    sender("carol", 40);
    sender("dave", 60);
    Member bob = estimating("bob");
    bob.described().pinned = Set.of("dave-v0");
    room.change(bob);
    estimate(bob, 3_000_000);
    room.seconds(8);
    int place = room.occupants("bob").indexOf("dave-v0");
    assertThat(layers("bob").charAt(place)).isEqualTo('f');
    assertThat(room.occupants("bob")).doesNotContain("");
    bob.described().videoLastN = OptionalInt.of(1);
    room.change(bob);
    room.seconds(2);
    assertThat(room.occupants("bob")).containsExactlyInAnyOrder("dave-v0", "", "");
  }

  @Test
  void a_screen_comes_before_cameras() {
    sender("alice", 20);
    Member carol = room.join(new Described("carol").screen(70, 71));
    Camera.single(room, carol, 70);
    Member bob = estimating("bob");
    estimate(bob, 700_000);
    room.seconds(5);
    assertThat(room.occupants("bob")).contains("carol-s0").doesNotContain("alice-v0");
  }

  @Test
  void a_change_of_slots_is_announced_once() {
    Member alice = sender("alice", 20);
    Member bob = estimating("bob");
    estimate(bob, 4_000_000);
    room.seconds(5);
    assertThat(room.announcedSlots.stream().filter("bob"::equals)).hasSize(2);
    assertThat(room.slots.get("bob"))
        .extracting(ConferenceListener.Occupancy::ssrc)
        .containsExactly(5100L, 5101L, 5102L);
    room.announcedSlots.clear();
    room.seconds(10);
    assertThat(room.announcedSlots).isEmpty();
    room.leave(alice);
    assertThat(room.occupants("bob")).containsExactly("", "", "");
    assertThat(room.announcedSlots.stream().filter("bob"::equals)).hasSize(1);
  }

  @Test
  void a_muted_source_and_one_that_stops_free_their_slots() {
    Member alice = sender("alice", 20);
    Member carol = room.join(new Described("carol").simulcast());
    Camera camera = Camera.simulcast(room, carol, 40);
    Member bob = estimating("bob");
    estimate(bob, 8_000_000);
    room.seconds(6);
    assertThat(room.occupants("bob")).containsOnlyOnce("alice-v0", "carol-v0");
    alice.described().mute = new ForcedMute(false, true);
    room.change(alice);
    room.millis(1);
    assertThat(room.occupants("bob")).doesNotContain("alice-v0");
    camera.on = false;
    room.seconds(4);
    assertThat(room.occupants("bob")).containsOnly("");
    alice.described().mute = ForcedMute.NONE;
    room.change(alice);
    camera.on = true;
    room.seconds(3);
    assertThat(room.occupants("bob")).containsOnlyOnce("alice-v0", "carol-v0");
  }

  @Test
  void an_encoding_that_its_sender_stops_is_left_within_a_second_and_a_half() {
    Member alice = room.join(new Described("alice").simulcast());
    Camera camera = Camera.simulcast(room, alice, 20);
    Member bob = estimating("bob");
    estimate(bob, 8_000_000);
    room.seconds(6);
    assertThat(layers("bob")).isEqualTo("f--");
    camera.paused[2] = true;
    room.seconds(1.5);
    assertThat(layers("bob")).isEqualTo("h--");
    camera.paused[2] = false;
    room.seconds(8);
    assertThat(layers("bob")).isEqualTo("f--");
  }
}
