package dev.sotto.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.rtp.testkit.Bytes;
import dev.sotto.media.rtp.testkit.HeapUse;
import dev.sotto.media.rtp.testkit.Recorded;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Reading and writing RTCP costs no heap")
class RtcpGarbageTest {
  private final RtcpReader reader = new RtcpReader();
  private final RtcpWriter writer = new RtcpWriter();
  private final MemorySegment out = Bytes.allocate(1200);
  private int packets;

  @Test
  void datagrams_of_others_are_read() {
    MemorySegment[] datagrams =
        Stream.concat(
                Recorded.lines("/chromium/rtcp.txt").stream()
                    .map(line -> Bytes.hex(line.split(" ", -1)[0])),
                Recorded.named("/aiortc/rtcp.txt").values().stream())
            .toArray(MemorySegment[]::new);

    long allocated =
        HeapUse.leastBytesAllocated(() -> {
          MemorySegment datagram = datagrams[packets++ % datagrams.length];
          require(reader.readAll(datagram, (int) datagram.byteSize()));
        });

    assertThat(allocated).isZero();
    assertThat(reader.sum()).isNotZero();
  }

  @Test
  void every_kind_is_written() {
    MemorySegment name = Bytes.hex("616263");
    int[] ssrcs = {1, 2};

    long allocated =
        HeapUse.leastBytesAllocated(() -> {
          packets++;
          writer.begin(out, 0, 1200);
          writer.senderReport(1, packets, packets, packets, packets);
          writer.reportBlock(2, 3, packets, packets, packets, packets, packets);
          writer.sourceDescription(1, name, 0, 3);
          writer.nack(1, 2, packets);
          writer.nack(1, 2, packets + 20);
          writer.pictureLoss(1, 2);
          writer.fullIntraRequest(1, 2, packets);
          writer.receiverEstimate(1, packets, ssrcs, 2);
          require(writer.goodbye(1));
        });

    assertThat(allocated).isZero();
  }

  @Test
  void arrivals_are_recorded_and_reported() {
    TransportFeedbackRecorder recorder =
        new TransportFeedbackRecorder(
            TransportFeedbackRecorder.DEFAULT_WINDOW_PACKETS,
            TransportFeedbackRecorder.DEFAULT_INTERVAL_NANOS);

    long allocated =
        HeapUse.leastBytesAllocated(() -> {
          packets += packets % 7 == 0 ? 2 : 1;
          recorder.onPacket(packets & 0xffff, packets * 1_000_000L);
          if (recorder.nanosUntilDue(packets * 1_000_000L) == 0) {
            writer.begin(out, 0, 1200);
            require(writer.transportFeedback(recorder, 1, 2));
            require(reader.readAll(out, writer.length()));
          }
        });

    assertThat(allocated).isZero();
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("a packet was refused or had no room");
    }
  }
}
