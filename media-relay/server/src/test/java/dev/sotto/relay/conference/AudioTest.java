package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AudioTest {
  private final Room room = new Room();
  private final List<Member> talkers = new ArrayList<>();
  private final List<Microphone> microphones = new ArrayList<>();

  @AfterEach
  void nothing_has_leaked() {
    room.close();
  }

  /** So many talkers t0, t1, ... with SSRCs from 1 on. */
  private void talkers(int count, int level) {
    for (int i = 0; i < count; i++) {
      Member member = room.join(new Described("t" + i).microphone(1 + i).slots(3, 0, 5000));
      talkers.add(member);
      Microphone microphone = new Microphone(room, member, 1 + i);
      microphone.level = level;
      microphones.add(microphone);
    }
  }

  @Test
  void the_loudest_have_the_slots_and_packets_of_others_go_nowhere() {
    Member listener = room.join(new Described("listener").slots(3, 0, 5000));
    talkers(8, 127);
    room.seconds(2);
    microphones.get(2).level = 15;
    microphones.get(5).level = 20;
    microphones.get(7).level = 25;
    room.seconds(3);

    assertThat(room.occupants("listener")).containsExactlyInAnyOrder("t2-a0", "t5-a0", "t7-a0");
    listener.forget();
    room.seconds(1);
    assertThat(listener.rtp).hasSizeBetween(140, 155);
    for (Member talker : talkers) {
      assertThat(room.occupants(talker.described().id))
          .doesNotContain(talker.described().id + "-a0");
    }
  }

  @Test
  void a_speaker_who_falls_silent_gives_his_slot_to_who_speaks() {
    room.join(new Described("listener").slots(1, 0, 5000));
    talkers(7, 127);
    microphones.get(0).level = 15;
    room.seconds(3);
    assertThat(room.occupants("listener")).containsExactly("t0-a0");
    microphones.get(0).level = 127;
    microphones.get(6).level = 15;
    for (int i = 1; i < 6; i++) {
      microphones.get(i).level = 40;
    }
    room.seconds(4);
    assertThat(room.occupants("listener").getFirst()).isNotEqualTo("t0-a0");
  }

  @Test
  void who_wants_fewer_voices_gets_fewer() {
    Described quiet = new Described("listener").slots(3, 0, 5000);
    Member listener = room.join(quiet);
    talkers(3, 20);
    room.seconds(2);
    assertThat(room.occupants("listener")).doesNotContain("");
    quiet.audioLastN = OptionalInt.of(1);
    room.change(listener);
    room.millis(1);
    listener.forget();
    room.seconds(1);
    assertThat(room.occupants("listener").stream().filter(id -> !id.isEmpty())).hasSize(1);
    assertThat(listener.rtp).hasSizeBetween(45, 52);
    quiet.audioLastN = OptionalInt.of(0);
    room.change(listener);
    room.millis(1);
    listener.forget();
    room.seconds(1);
    assertThat(listener.rtp).isEmpty();
    quiet.audioLastN = OptionalInt.empty();
    room.change(listener);
    room.seconds(1);
    assertThat(room.occupants("listener")).doesNotContain("");
  }

  @Test
  void who_wants_fewer_voices_and_has_no_slots_gets_the_dominant_one() {
    Described quiet = new Described("listener");
    quiet.audioLastN = OptionalInt.of(1);
    Member listener = room.join(quiet);
    talkers(3, 127);
    room.seconds(1);
    microphones.get(1).level = 10;
    room.seconds(4);
    listener.forget();
    room.seconds(1);
    assertThat(listener.rtp).isNotEmpty().extracting(Packet::ssrc).containsOnly(2);
  }

  @Test
  void one_who_says_nothing_of_his_level_is_heard() {
    Member listener = room.join(new Described("listener").slots(1, 0, 5000));
    talkers(1, -1);
    room.seconds(1);
    assertThat(listener.of(5000)).hasSizeGreaterThan(45);
  }

  @Test
  void the_order_of_speakers_is_told_when_another_one_is_dominant() {
    talkers(3, 127);
    room.seconds(1);
    microphones.get(2).level = 10;
    room.seconds(3);
    microphones.get(2).level = 127;
    microphones.get(0).level = 10;
    room.seconds(5);
    assertThat(room.speakers.getLast().subList(0, 2)).containsExactly("t0", "t2");
    assertThat(room.speakers.getLast()).containsExactlyInAnyOrder("t0", "t1", "t2");
    int told = room.speakers.size();
    room.seconds(5);
    assertThat(room.speakers).hasSize(told);
  }

  @Test
  void one_who_is_muted_by_the_focus_is_not_heard() {
    Member listener = room.join(new Described("listener").slots(1, 0, 5000));
    talkers(2, 20);
    room.seconds(2);
    String muted = room.occupants("listener").getFirst();
    Member talker = talkers.get(muted.charAt(1) - '0');
    talker.described().mute = new dev.sotto.relay.control.ForcedMute(true, false);
    room.change(talker);
    room.seconds(2);
    listener.forget();
    room.seconds(1);
    assertThat(room.occupants("listener")).doesNotContain(muted, "");
    assertThat(listener.of(5000)).hasSizeGreaterThan(45);
  }

  @Test
  void nothing_is_queued_for_one_who_is_not_connected_yet() {
    room.enter(new Described("listener").slots(1, 0, 5000));
    talkers(1, 20);
    room.seconds(1);
    assertThat(room.dropped(dev.sotto.relay.statistics.DropReason.RECEIVER_UNREACHABLE)).isZero();
  }
}
