package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.rtcp.RtcpType;
import dev.sotto.relay.statistics.Counter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LossTest {
  private static final int SLOT = 5100;
  private static final int RTX = 6100;

  private final Room room = new Room();
  private Member alice;
  private Member bob;
  private Camera camera;

  @BeforeEach
  void two_people() {
    alice = room.join(new Described("alice").simulcast());
    bob = room.join(new Described("bob").slots(0, 1, 5000));
    camera = Camera.simulcast(room, alice, 20);
    room.seconds(3);
    bob.forget();
  }

  @AfterEach
  void nothing_has_leaked() {
    room.close();
  }

  private void nack(int... sequences) {
    bob.control(writer -> {
      writer.receiverReport(1);
      for (int sequence : sequences) {
        writer.nack(1, SLOT, sequence);
      }
    });
  }

  /** Lets all that waits leave. */
  private void rest() {
    camera.on = false;
    room.millis(300);
  }

  private List<Packet> resent() {
    return bob.of(RTX).stream().filter(packet -> packet.payload().length > 0).toList();
  }

  @Test
  void rfc_4588_a_nack_is_answered_from_the_ring_of_the_source_to_the_byte() {
    room.millis(200);
    List<Packet> got = bob.of(SLOT);
    Packet lost = got.get(got.size() / 2);
    bob.forget();
    nack(lost.sequence());
    room.millis(10);

    assertThat(resent())
        .anySatisfy(packet -> {
          assertThat(packet.payloadType()).isEqualTo(bob.described().rtx);
          assertThat(packet.originalSequence()).isEqualTo(lost.sequence());
          assertThat(packet.originalPayload()).isEqualTo(lost.payload());
          assertThat(packet.timestamp()).isEqualTo(lost.timestamp());
          assertThat(packet.marker()).isEqualTo(lost.marker());
          assertThat(packet.extensions().get(13)).isEqualTo(lost.extensions().get(13));
        });
  }

  @Test
  void the_same_packet_is_not_resent_twice_within_a_round_trip() {
    room.millis(200);
    int lost = bob.of(SLOT).getLast().sequence();
    long before = room.count(Counter.RETRANSMISSIONS_SENT);
    nack(lost);
    nack(lost);
    room.millis(10);
    nack(lost);
    room.millis(5);
    assertThat(room.count(Counter.RETRANSMISSIONS_SENT) - before).isEqualTo(1);
    room.millis(20);
    nack(lost);
    room.millis(5);
    assertThat(room.count(Counter.RETRANSMISSIONS_SENT) - before).isEqualTo(2);
  }

  @Test
  void what_the_ring_has_no_more_is_counted() {
    room.millis(100);
    int lost = bob.of(SLOT).getFirst().sequence();
    room.seconds(2.5);
    long before = room.count(Counter.RETRANSMISSIONS_UNAVAILABLE);
    nack(lost);
    assertThat(room.count(Counter.RETRANSMISSIONS_UNAVAILABLE) - before).isEqualTo(1);
  }

  @Test
  void numbers_that_were_never_sent_are_asked_for_in_vain() {
    long before = room.count(Counter.RETRANSMISSIONS_SENT);
    int next = bobsNewest() + 1;
    nack(next & 0xffff, (next + 20_000) & 0xffff);
    room.millis(1);
    assertThat(room.count(Counter.RETRANSMISSIONS_SENT) - before).isZero();
  }

  private int bobsNewest() {
    room.millis(100);
    rest();
    return bob.of(SLOT).getLast().sequence();
  }

  @Test
  void a_gap_is_asked_for_upstream_and_filled_in_order_of_number() {
    int[] count = new int[1];
    camera.loses = packet -> packet.ssrc() == 22 && count[0]++ % 10 == 5;
    room.seconds(3);
    camera.loses = _ -> false;
    room.seconds(0.5);

    assertThat(alice.count(RtcpType.NACK)).isPositive();
    assertThat(camera.nacked).hasSizeGreaterThan(20);
    List<Packet> got = bob.of(SLOT);
    Set<Integer> numbers = new HashSet<>();
    got.forEach(packet -> assertThat(numbers.add(packet.sequence())).isTrue());
    int first = got.getFirst().sequence();
    int last = got.getLast().sequence();
    assertThat(numbers).hasSize(((last - first) & 0xffff) + 1);
  }

  @Test
  void what_came_before_is_not_kept_or_forwarded_again_when_the_sender_probes_with_it() {
    room.millis(100);
    rest();
    int sequence = camera.sequences[2] - 1;
    int before = bob.of(SLOT).size();
    for (int i = 0; i < 2000; i++) {
      alice.send(camera.resent(camera.sent(22, sequence)));
    }
    room.millis(1);
    assertThat(bob.of(SLOT)).hasSize(before);
    // The ring still has all that it had.
    int oldest = bob.of(SLOT).getFirst().sequence();
    long unavailable = room.count(Counter.RETRANSMISSIONS_UNAVAILABLE);
    nack(oldest);
    room.millis(10);
    assertThat(room.count(Counter.RETRANSMISSIONS_UNAVAILABLE)).isEqualTo(unavailable);
  }

  @Test
  void what_could_not_be_read_for_a_lost_key_frame_start_is_sent_when_it_is_asked_for() {
    boolean[] lost = new boolean[1];
    camera.loses =
        packet -> {
          boolean start = packet.ssrc() == 22 && packet.extensions().get(13).length > 5;
          boolean loses = start && !lost[0];
          lost[0] |= start;
          return loses;
        };
    room.every(
        50 * Room.MILLISECOND,
        () -> {
          List<Integer> holes = holes();
          if (!holes.isEmpty()) {
            nack(holes.stream().mapToInt(Integer::intValue).toArray());
          }
          return true;
        });
    bob.control(writer -> {
      writer.receiverReport(1);
      writer.pictureLoss(1, SLOT);
    });
    room.seconds(1);
    assertThat(lost[0]).isTrue();
    assertThat(holes()).isEmpty();
    assertThat(bob.of(SLOT, room.now - 500 * Room.MILLISECOND)).hasSizeGreaterThan(50);
  }

  /** Numbers that the receiver has got neither by themselves nor by RTX. */
  private List<Integer> holes() {
    Set<Integer> got = new HashSet<>();
    List<Packet> media = bob.of(SLOT);
    media.forEach(packet -> got.add(packet.sequence()));
    resent().forEach(packet -> got.add(packet.originalSequence()));
    List<Integer> holes = new ArrayList<>();
    if (!media.isEmpty()) {
      int last = media.getLast().sequence();
      for (int number = media.getFirst().sequence();
          number != last;
          number = (number + 1) & 0xffff) {
        if (!got.contains(number)) {
          holes.add(number);
        }
      }
    }
    return holes;
  }

  @Test
  void a_receiver_without_rtx_is_sent_nothing_twice() {
    Described plain = new Described("carol").slots(0, 1, 7000);
    plain.rtx = -1;
    Member carol = room.join(plain);
    room.seconds(1);
    int lost = carol.of(7100).getLast().sequence();
    carol.control(writer -> {
      writer.receiverReport(1);
      writer.nack(1, 7100, lost);
    });
    room.millis(50);
    assertThat(carol.of(7100).stream().filter(packet -> packet.sequence() == lost)).hasSize(1);
    assertThat(carol.rtp).extracting(Packet::ssrc).containsOnly(7100);
  }

  @Test
  void the_senders_padding_and_empty_rtx_go_nowhere() {
    room.millis(100);
    rest();
    int before = bob.of(SLOT).size();
    int sequence = camera.sequences[2]++;
    alice.send(Packet.of(97, 50_000, 1, 32, new byte[0]).with(4, "1").with(11, "f").padded(200));
    alice.send(Packet.of(97, 50_001, 1, 32, new byte[1]).with(4, "1").with(11, "f"));
    alice.send(Packet.of(96, sequence, 1, 22, new byte[0]).padded(100));
    room.millis(2);
    assertThat(bob.of(SLOT)).hasSize(before);
    camera.on = true;
    room.seconds(1);
    assertThat(bob.of(SLOT)).hasSizeGreaterThan(before + 25);
  }
}
