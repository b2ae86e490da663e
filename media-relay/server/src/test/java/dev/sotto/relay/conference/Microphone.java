package dev.sotto.relay.conference;

import java.util.Random;

/** Sends Opus of a level, a packet each 20 ms, as long as it is on. */
final class Microphone {
  private static final long PERIOD_NANOS = 20 * Room.MILLISECOND;
  private static final int SILENCE = 127;
  private static final int TICKS = 960;
  private static final int PAYLOAD_BYTES = 80;

  /** As RFC 6464 has it, 127 for silence; less than 0 for no word on it. */
  int level = 30;

  boolean on = true;
  int sequence;
  private final Member member;
  private final int ssrc;
  private int timestamp;
  private Random random = new Random(1);

  Microphone(Room room, Member member, int ssrc) {
    this.member = member;
    this.ssrc = ssrc;
    room.every(
        PERIOD_NANOS,
        () -> {
          if (on) {
            member.send(next());
          }
          return member.isConnected();
        });
  }

  /** Other payload bytes from now on. */
  void fillWith(long seed) {
    random = new Random(seed);
  }

  /** People vary, and pause between words. */
  private int loudness() {
    if (level == SILENCE) {
      return SILENCE;
    }
    return sequence % 25 < 3 ? 90 : level + sequence * 7 % 10;
  }

  Packet next() {
    byte[] payload = new byte[PAYLOAD_BYTES];
    random.nextBytes(payload);
    Packet packet = Packet.of(member.described().opus, sequence & 0xffff, timestamp, ssrc, payload);
    sequence++;
    timestamp += TICKS;
    return level < 0 ? packet : packet.with(member.described().extensions.get("level"), loudness());
  }
}
