package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What an endpoint costs on the heap; the figures are written to target/endpoint-memory.md. */
class EndpointMemoryTest {
  private static final int ENDPOINTS = 100;

  @Test
  void an_endpoint_costs_what_it_uses() throws IOException {
    long known = bytesEach(false, false, i -> new Described("e" + i));
    long idle = bytesEach(true, false, i -> new Described("e" + i));
    long slots = bytesEach(true, false, i -> new Described("e" + i).slots(5, 9, 5000));
    long sending =
        bytesEach(
            true,
            true,
            i -> new Described("e" + i).microphone(10_000 + i).simulcast().slots(1, 0, 5000));
    Files.writeString(
        Path.of("target", "endpoint-memory.md"),
        """
        | endpoint | heap, kB |
        |---|---|
        | not connected | %d |
        | connected, no slots | %d |
        | connected, 5 audio and 9 video slots | %d |
        | connected, sends audio and simulcast, 1 slot | %d |
        """
            .formatted(known >> 10, idle >> 10, slots >> 10, sending >> 10));
    assertThat(known).isLessThan(30 << 10);
    assertThat(idle).isLessThan(200 << 10);
    assertThat(slots).isLessThan(700 << 10);
    assertThat(sending).isLessThan(400 << 10);
  }

  /** All in one conference, in which none that sends receives video. */
  private static long bytesEach(
      boolean connected, boolean sends, IntFunction<Described> described) {
    long[] used = new long[2];
    Room[] rooms = new Room[2];
    for (int round = 0; round < 2; round++) {
      // The first round only loads classes and fills caches.
      long before = usedBytes();
      Room room = new Room();
      rooms[round] = room;
      for (int i = 0; i < ENDPOINTS; i++) {
        Member member = connected ? room.join(described.apply(i)) : room.enter(described.apply(i));
        if (sends) {
          for (int ssrc = 0; ssrc < 4; ssrc++) {
            send(member, i, ssrc);
          }
        }
      }
      room.seconds(1);
      room.forgetMembers();
      used[round] = usedBytes() - before;
    }
    for (Room room : rooms) {
      room.close();
    }
    return used[1] / ENDPOINTS;
  }

  private static void send(Member member, int endpoint, int ssrc) {
    if (ssrc == 3) {
      member.send(Packet.of(111, 1, 1, 10_000 + endpoint, new byte[80]).with(1, 127));
    } else {
      member.send(
          Packet.of(96, 1, 1, 20_000 + 10 * endpoint + ssrc, new byte[900])
              .with(4, "1")
              .with(10, Camera.RIDS.get(ssrc)));
    }
  }

  private static long usedBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
