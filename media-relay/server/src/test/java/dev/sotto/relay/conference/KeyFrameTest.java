package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.rtcp.RtcpType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyFrameTest {
  private final Room room = new Room();

  @AfterEach
  void nothing_has_leaked() {
    room.close();
  }

  private void pictureLoss(Member member, int ssrc) {
    member.control(writer -> {
      writer.receiverReport(1);
      writer.pictureLoss(1, ssrc);
    });
  }

  private void fullIntra(Member member, int ssrc, int command) {
    member.control(writer -> {
      writer.receiverReport(1);
      writer.fullIntraRequest(1, ssrc, command);
    });
  }

  @Test
  void who_joins_has_a_key_frame_asked_for_of_what_he_is_given() {
    Member alice = room.join(new Described("alice").camera(2, 3));
    room.join(new Described("bob"));
    Camera camera = Camera.single(room, alice, 2);
    room.seconds(5);
    int before = camera.keyFramesAsked.size();
    Member carol = room.join(new Described("carol"));
    long joined = room.now;
    room.seconds(2);

    assertThat(camera.keyFramesAsked).hasSizeBetween(before + 1, before + 3);
    assertThat(carol.of(2).getFirst().atNanos()).isLessThan(joined + Room.SECOND);
    assertThat(carol.of(2).getFirst().extensions().get(13).length).isGreaterThan(5);
  }

  @Test
  void picture_losses_of_many_become_one_request() {
    Member alice = room.join(new Described("alice").camera(2, 3));
    Member[] others = new Member[6];
    for (int i = 0; i < others.length; i++) {
      others[i] = room.join(new Described("other" + i));
    }
    Camera camera = Camera.single(room, alice, 2);
    room.seconds(6);
    camera.keyFramesAsked.clear();
    for (Member other : others) {
      pictureLoss(other, 2);
    }
    room.millis(200);
    assertThat(camera.keyFramesAsked).containsExactly(2);
  }

  @Test
  void one_who_asks_all_the_time_is_served_once_a_second() {
    Member alice = room.join(new Described("alice").camera(2, 3));
    Member bob = room.join(new Described("bob"));
    Camera camera = Camera.single(room, alice, 2);
    room.seconds(6);
    camera.keyFramesAsked.clear();
    room.every(
        20 * Room.MILLISECOND,
        () -> {
          pictureLoss(bob, 2);
          return true;
        });
    room.seconds(5);
    assertThat(camera.keyFramesAsked).hasSizeBetween(4, 7);
  }

  @Test
  void a_request_is_repeated_until_the_key_frame_comes() {
    Member alice = room.join(new Described("alice").camera(2, 3));
    Member bob = room.join(new Described("bob"));
    Camera camera = Camera.single(room, alice, 2);
    room.seconds(6);
    camera.obeys = false;
    camera.keyFramesAsked.clear();
    pictureLoss(bob, 2);
    room.seconds(1.4);
    assertThat(camera.keyFramesAsked).hasSize(3);
    camera.obeys = true;
    room.seconds(3);
    assertThat(camera.keyFramesAsked).hasSize(4);
  }

  @Test
  void rfc_5104_who_knows_fir_and_no_pli_gets_fir() {
    Described alices = new Described("alice").camera(2, 3);
    alices.feedback = java.util.List.of(Described.feedback("ccm", "fir"));
    Member alice = room.join(alices);
    room.join(new Described("bob"));
    Camera camera = Camera.single(room, alice, 2);
    room.seconds(3);

    assertThat(camera.fullIntraRequests).isPositive();
    assertThat(alice.count(RtcpType.PICTURE_LOSS)).isZero();
  }

  @Test
  void rfc_5104_a_fir_is_passed_on_as_a_request_and_its_repetition_is_none() {
    Member alice = room.join(new Described("alice").camera(2, 3));
    Member bob = room.join(new Described("bob"));
    Camera camera = Camera.single(room, alice, 2);
    room.seconds(6);
    camera.keyFramesAsked.clear();
    fullIntra(bob, 2, 7);
    room.seconds(1.5);
    fullIntra(bob, 2, 7);
    room.seconds(1.5);
    assertThat(camera.keyFramesAsked).hasSize(1);
    fullIntra(bob, 2, 8);
    room.seconds(0.5);
    assertThat(camera.keyFramesAsked).hasSize(2);
  }

  @Test
  void the_first_fir_of_one_who_comes_after_another_has_gone_is_no_repetition() {
    Member alice = room.join(new Described("alice").camera(2, 3));
    Member bob = room.join(new Described("bob"));
    Camera camera = Camera.single(room, alice, 2);
    room.seconds(6);
    fullIntra(bob, 2, 0);
    room.seconds(2);
    room.leave(bob);
    Member carol = room.join(new Described("carol"));
    room.seconds(6);
    camera.keyFramesAsked.clear();
    fullIntra(carol, 2, 0);
    room.seconds(0.5);
    assertThat(camera.keyFramesAsked).hasSize(1);
  }

  @Test
  void a_source_without_descriptors_is_asked_once_for_a_join() {
    Member alice = room.join(new Described("alice").camera(2, 3));
    room.join(new Described("bob"));
    Camera camera = Camera.single(room, alice, 2);
    camera.describes = false;
    room.seconds(6);
    int before = camera.keyFramesAsked.size();
    room.join(new Described("carol"));
    room.seconds(3);
    assertThat(camera.keyFramesAsked).hasSize(before + 1);
  }
}
