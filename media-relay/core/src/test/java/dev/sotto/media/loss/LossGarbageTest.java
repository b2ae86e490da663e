package dev.sotto.media.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.rtcp.RtcpWriter;
import dev.sotto.media.rtp.ExtensionMap;
import dev.sotto.media.rtp.ExtensionType;
import dev.sotto.media.rtp.HeaderExtensions;
import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.rtp.RtpRewriter;
import dev.sotto.media.rtp.testkit.Bytes;
import dev.sotto.media.rtp.testkit.HeapUse;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Repairing loss costs no heap")
class LossGarbageTest {
  private static final ExtensionMap MAP =
      ExtensionMap.builder()
          .put(ExtensionType.AUDIO_LEVEL, 1)
          .put(ExtensionType.TRANSPORT_SEQUENCE_NUMBER, 2)
          .build();
  private static final long INTERVAL_NANOS = 7_000_000L;

  private final MemorySegment datagram =
      Bytes.hex("90e01234 80000001 deadbeef bede0001 109e0000" + "77".repeat(500));
  private final MemorySegment out = Bytes.allocate(1500);
  private final RtpPacket packet = new RtpPacket();
  private final HeaderExtensions extensions = new HeaderExtensions();
  private final RtpRewriter rewriter = new RtpRewriter();
  private final RtcpWriter writer = new RtcpWriter();
  private int number;
  private long now;
  private long done;

  /** Every eighth packet is lost, and the time goes on. */
  private void next() {
    number += number % 7 == 0 ? 2 : 1;
    now += INTERVAL_NANOS;
    packet.wrap(datagram, 0, (int) datagram.byteSize());
    packet.sequenceNumber(number);
  }

  @Test
  void statistics_and_reports() {
    ReceptionStatistics statistics = new ReceptionStatistics(90_000);
    SourceClock clock = new SourceClock(90_000);
    SenderReportTranslator translator = new SenderReportTranslator();

    long allocated =
        HeapUse.leastBytesAllocated(() -> {
          next();
          statistics.onPacket(packet.sequenceNumber(), packet.timestamp(), now);
          clock.onSenderReport(now, packet.timestamp(), now);
          translator.onForwarded(packet.payloadLength());
          writer.begin(out, 0, 1500);
          require(translator.write(writer, 1, clock, 5, now));
          require(statistics.writeReportBlock(writer, 2, clock, now));
          require(translator.roundTripNanos(clock.lastReport(), 0, now) >= 0);
        });

    assertThat(allocated).isZero();
  }

  @Test
  void nacks_to_the_source() {
    NackGenerator generator = new NackGenerator(NackSettings.DEFAULT);

    long allocated =
        HeapUse.leastBytesAllocated(() -> {
          next();
          generator.onPacket(packet.sequenceNumber(), now);
          if (generator.nanosUntilDue(now) == 0) {
            done += generator.write(writer.begin(out, 0, 1500), 1, 2, now, 50_000_000L);
          }
          generator.onRecovered(number - 3);
        });

    assertThat(allocated).isZero();
    assertThat(done).isPositive();
    assertThat(generator.recoveredPackets()).isPositive();
  }

  @Test
  void packets_stored_found_sent_again_and_restored() {
    RetransmissionCache cache =
        new RetransmissionCache(Bytes.allocate(100_000), 256, Long.MAX_VALUE);
    RetransmissionThrottle throttle = new RetransmissionThrottle();

    long allocated =
        HeapUse.leastBytesAllocated(() -> {
          next();
          int stored = packet.sequenceNumber();
          require(cache.store(stored, datagram, 0, packet.length(), now));
          require(throttle.tryAcquire(stored, now, 0) && cache.find(stored, now));
          require(packet.wrap(cache.segment(), cache.offset(), cache.length()));
          extensions.wrap(packet, MAP);
          rewriter.begin(packet, extensions, MAP).ssrc(7).payloadType(97).sequenceNumber(number);
          int length = Rtx.write(rewriter, stored, out, 0, 1500);
          require(packet.wrap(out, 0, length) && Rtx.restore(packet, 1, 96));
          require(packet.sequenceNumber() == stored);
        });

    assertThat(allocated).isZero();
  }

  @Test
  void requests_for_key_frames() {
    KeyFrameRequests requests = new KeyFrameRequests(KeyFrameSettings.DEFAULT, 50);

    long allocated =
        HeapUse.leastBytesAllocated(() -> {
          next();
          requests.request(number % 50, now);
          requests.requestByCommand(number % 50, number & 0xff, now);
          if (requests.poll(now)) {
            done++;
            writer.begin(out, 0, 1500).fullIntraRequest(1, 2, requests.commandNumber());
            requests.onKeyFrame();
          }
        });

    assertThat(allocated).isZero();
    assertThat(done).isPositive();
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("a packet took another way than before");
    }
  }
}
