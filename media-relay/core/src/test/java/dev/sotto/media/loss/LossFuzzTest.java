package dev.sotto.media.loss;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sotto.media.rtcp.RtcpCompound;
import dev.sotto.media.rtcp.RtcpWriter;
import dev.sotto.media.rtp.ExtensionMap;
import dev.sotto.media.rtp.HeaderExtensions;
import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.rtp.RtpRewriter;
import dev.sotto.media.rtp.testkit.Bytes;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.DisplayName;

/**
 * RTX packets of any form, and packets of any numbers through the state that they move. In the
 * normal run the saved corpus is read once; with JAZZER_FUZZ=1 a search goes on.
 */
@DisplayName("No packet makes the repair of loss throw or its bounds give way")
class LossFuzzTest {
  @FuzzTest(maxDuration = "10m")
  void rtx(byte[] datagram) {
    RtpPacket packet = new RtpPacket();
    MemorySegment segment = Bytes.of(datagram);
    if (!packet.wrap(segment, 0, datagram.length)) {
      return;
    }
    int number = Rtx.originalNumber(packet);
    int payload = packet.payloadLength();
    int padding = packet.paddingLength();
    require(Rtx.restore(packet, 7, 96) == number >= 0);
    if (number < 0) {
      return;
    }
    require(packet.wrap(segment, packet.offset(), packet.length()));
    require(packet.offset() + packet.length() == datagram.length);
    require(packet.ssrc() == 7 && packet.payloadType() == 96);
    require(packet.sequenceNumber() == number);
    require(packet.payloadLength() == payload - 2 && packet.paddingLength() == padding);
    HeaderExtensions extensions = new HeaderExtensions();
    extensions.wrap(packet, ExtensionMap.EMPTY);
    RtpRewriter rewriter = new RtpRewriter().begin(packet, extensions, ExtensionMap.EMPTY);
    MemorySegment out = Bytes.allocate(datagram.length + 2);
    int length = Rtx.write(rewriter, number, out, 0, datagram.length + 2);
    require(packet.wrap(out, 0, length) && Rtx.originalNumber(packet) == number);
    require(packet.payloadLength() == payload);
  }

  /** Two bytes of number, one that tells what is done and how much later. */
  @FuzzTest(maxDuration = "10m")
  void numbers(byte[] steps) {
    ReceptionStatistics statistics = new ReceptionStatistics(90_000);
    SourceClock clock = new SourceClock(90_000);
    NackGenerator generator = new NackGenerator(NackSettings.DEFAULT);
    RetransmissionCache cache = new RetransmissionCache(Bytes.allocate(500), 16, 1_000_000_000L);
    MemorySegment packet = Bytes.allocate(200);
    MemorySegment out = Bytes.allocate(300);
    RtcpWriter writer = new RtcpWriter();
    long nowNanos = Long.MAX_VALUE - 100_000_000L;
    for (int i = 0; i + 2 < steps.length; i += 3) {
      int number = (steps[i] & 0xff) << 8 | (steps[i + 1] & 0xff);
      int step = steps[i + 2] & 0xff;
      nowNanos += step * 1_000_000L;
      Wire.putU16(packet, 0, number);
      statistics.onPacket(number, number * 3000L, nowNanos);
      if (step % 3 == 0) {
        generator.onRecovered(number);
      } else {
        generator.onPacket(number, nowNanos);
      }
      require(generator.missingPackets() >= 0);
      require(generator.missingPackets() < NackGenerator.WINDOW_PACKETS);
      cache.store(number, packet, 0, 2 + step % 199, nowNanos);
      if (cache.find(number, nowNanos)) {
        require(Wire.u16(cache.segment(), cache.offset()) == number);
        require(cache.offset() + cache.length() <= 500);
      }
      writer.begin(out, 0, 300).receiverReport(1);
      statistics.writeReportBlock(writer, 2, clock, nowNanos);
      generator.write(writer, 1, 2, nowNanos, step * 1_000_000L);
      require(new RtcpCompound().wrap(out, 0, writer.length()));
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("an invariant of the repair of loss does not hold");
    }
  }
}
