package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What is done a few times a second (allocation, measuring layers) may allocate; what is done for
 * each packet may not. So of many stretches of time one without the former has to cost nothing.
 */
@DisplayName("Forwarding costs no heap, from SRTP to SRTP")
class ForwardingGarbageTest {
  private static final int RECEIVERS = 20;

  /** With what is done a few times a second for each receiver, whatever the number of packets. */
  private static final double MOST_BYTES_PER_PACKET = 150;

  private static final int STRETCHES = 400;
  private static final long STRETCH_MILLIS = 60;

  @Test
  void audio_to_twenty() {
    try (Room room = roomOf(new Described("sender").microphone(1))) {
      new Microphone(room, room.member("sender"), 1);
      assertThat(leastPerStretch(room, 2 * RECEIVERS)).isZero();
    }
  }

  @Test
  void simulcast_to_twenty() {
    try (Room room = roomOf(new Described("sender").simulcast())) {
      Camera.simulcast(room, room.member("sender"), 20);
      assertThat(leastPerStretch(room, 7 * RECEIVERS)).isZero();
    }
  }

  @Test
  void a_whole_source_to_twenty_without_slots() {
    try (Room room = roomOf(new Described("sender").camera(2, 3))) {
      Camera.single(room, room.member("sender"), 2).describes = false;
      assertThat(leastPerStretch(room, 3 * RECEIVERS)).isZero();
    }
  }

  private static Room roomOf(Described sender) {
    Room room = new Room();
    assumeTrue(
        room.srtp.description().contains("libcrypto"), "the JDK's ciphers allocate by themselves");
    room.join(sender);
    for (int i = 0; i < RECEIVERS; i++) {
      Described described = new Described("receiver" + i);
      if (sender.sources.getFirst().encodings().size() > 1) {
        described.slots(1, 1, 5000);
      }
      // The target is to stay what it is without the test's answers.
      described.feedback = List.of(Described.feedback("goog-remb", ""));
      Member receiver = room.join(described);
      receiver.givesFeedback = false;
      receiver.control(writer -> {
        writer.receiverReport(1);
        writer.receiverEstimate(1, 20_000_000, new int[] {1}, 1);
      });
    }
    return room;
  }

  /** Of stretches in which at least so many packets were forwarded. */
  private static long leastPerStretch(Room room, long leastPackets) {
    room.seconds(5);
    room.deaf = true;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < STRETCHES && least > 0; i++) {
      long bytes = room.allocatedBytes;
      long packets = room.sentPackets;
      room.millis(STRETCH_MILLIS);
      if (room.sentPackets - packets >= leastPackets) {
        least = Math.min(least, room.allocatedBytes - bytes);
      }
    }
    long bytes = room.allocatedBytes;
    long packets = room.sentPackets;
    room.seconds(10);
    double bytesPerPacket = (room.allocatedBytes - bytes) / (double) (room.sentPackets - packets);
    room.deaf = false;
    assertThat(bytesPerPacket).isLessThan(MOST_BYTES_PER_PACKET);
    return least;
  }
}
