package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlindnessTest {
  @Test
  void other_payload_bytes_are_routed_under_byte_identical_headers() {
    List<String> once = relay(1);
    List<String> again = relay(2);
    assertThat(once).hasSizeGreaterThan(3000).isEqualTo(again);
  }

  /** What two receivers get in 20 s with loss and repair in both directions. */
  private static List<String> relay(long seed) {
    try (Room room = new Room()) {
      Member alice = room.join(new Described("alice").microphone(1).simulcast());
      Member carol = room.join(new Described("carol").microphone(2).camera(3, 4));
      List<Member> receivers =
          List.of(
              room.join(new Described("bob").slots(2, 2, 5000)), room.join(new Described("dave")));
      Random loss = new Random(7);
      new Microphone(room, alice, 1).fillWith(seed);
      new Microphone(room, carol, 2).fillWith(seed + 10);
      Camera first = Camera.simulcast(room, alice, 20);
      Camera second = Camera.single(room, carol, 3);
      first.fillWith(seed + 20);
      second.fillWith(seed + 30);
      first.loses = _ -> loss.nextInt(40) == 0;
      for (Member receiver : receivers) {
        receiver.keepsHeaders = true;
        receiver.onRtp.add(packet -> {
          if (loss.nextInt(50) == 0 && packet.payloadType() == receiver.described().vp8) {
            room.at(
                room.now + 30 * Room.MILLISECOND,
                () ->
                    receiver.control(writer -> {
                      writer.receiverReport(9);
                      writer.nack(9, packet.ssrc(), packet.sequence());
                    }));
          }
        });
      }
      room.seconds(20);
      List<String> got = new ArrayList<>();
      receivers.forEach(receiver -> got.addAll(receiver.headers));
      got.add(room.announcedSlots.toString());
      return got;
    }
  }
}
