package dev.sotto.media.rtcp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sotto.media.rtp.testkit.Bytes;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.DisplayName;

/**
 * Bytes from the network through all that reads them as RTCP. In the normal run the saved corpus is
 * read once; with JAZZER_FUZZ=1 a search goes on. The segment ends where the datagram does, so that
 * reading beyond it throws.
 */
@DisplayName("No datagram makes an RTCP parser throw, read beyond its end or go on for ever")
class RtcpFuzzTest {
  @FuzzTest(maxDuration = "10m")
  void compound(byte[] datagram) {
    new RtcpReader().readAll(Bytes.of(datagram), datagram.length);
  }

  /** What stands behind the header of transport-wide feedback. */
  @FuzzTest(maxDuration = "10m")
  void transport_feedback(byte[] information) {
    int words = Math.min((information.length + 3) / 4, 0x1000);
    int length = RtcpCompound.FEEDBACK_HEADER_BYTES + 4 * words;
    MemorySegment packet = Bytes.allocate(length);
    Wire.putU8(packet, 0, 0x8f);
    Wire.putU8(packet, 1, RtcpType.RTPFB);
    Wire.putU16(packet, 2, length / 4 - 1);
    int copied = Math.min(information.length, 4 * words);
    Wire.copy(Bytes.of(information), 0, packet, RtcpCompound.FEEDBACK_HEADER_BYTES, copied);
    new RtcpReader().readAll(packet, length);
  }

  /** Arrivals of any numbers at any times: two bytes of number, one that tells the time. */
  @FuzzTest(maxDuration = "10m")
  void transport_feedback_recorder(byte[] arrivals) {
    TransportFeedbackRecorder recorder = new TransportFeedbackRecorder(1024, 1);
    MemorySegment out = Bytes.allocate(200);
    RtcpWriter writer = new RtcpWriter();
    RtcpReader reader = new RtcpReader();
    long nowNanos = 0;
    for (int i = 0; i + 2 < arrivals.length; i += 3) {
      int step = arrivals[i + 2];
      nowNanos += (long) step * step * step * 10_000;
      recorder.onPacket((arrivals[i] & 0xff) << 8 | (arrivals[i + 1] & 0xff), nowNanos);
      if (step % 5 == 0) {
        report(recorder, writer, reader, out);
      }
    }
    report(recorder, writer, reader, out);
  }

  private static void report(
      TransportFeedbackRecorder recorder, RtcpWriter writer, RtcpReader reader, MemorySegment out) {
    int rounds = 0;
    while (writer.begin(out, 0, 200).transportFeedback(recorder, 1, 2)) {
      if (!reader.readAll(out, writer.length()) || ++rounds > 1024) {
        throw new AssertionError("feedback of our own is refused or does not end");
      }
    }
    if (recorder.nanosUntilDue(0) != TransportFeedbackRecorder.NEVER) {
      throw new AssertionError("something was left to report");
    }
  }
}
