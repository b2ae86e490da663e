package dev.sotto.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.rtp.testkit.Bytes;
import dev.sotto.media.rtp.testkit.HeapUse;
import dev.sotto.media.rtp.testkit.Recorded;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Reading and rewriting a packet costs no heap")
class RtpGarbageTest {
  private static final ExtensionMap MAP =
      ExtensionMap.builder()
          .put(ExtensionType.AUDIO_LEVEL, 1)
          .put(ExtensionType.ABS_SEND_TIME, 2)
          .put(ExtensionType.TRANSPORT_SEQUENCE_NUMBER, 3)
          .put(ExtensionType.MID, 4)
          .put(ExtensionType.ABS_CAPTURE_TIME, 5)
          .put(ExtensionType.DEPENDENCY_DESCRIPTOR, 9)
          .put(ExtensionType.VIDEO_ORIENTATION, 13)
          .allowMixed(true)
          .build();

  private final RtpPacket packet = new RtpPacket();
  private final HeaderExtensions extensions = new HeaderExtensions();
  private final RtpRewriter rewriter = new RtpRewriter();
  private final StreamIds ids = new StreamIds(8);
  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private final TimestampUnwrapper timestamps = new TimestampUnwrapper();
  private final MemorySegment out = Bytes.allocate(2000);
  private int packets;

  @Test
  void packets_of_chromium_from_the_first_byte_to_the_last() {
    List<MemorySegment> recorded =
        Recorded.lines("/chromium/rtp.txt").stream()
            .map(line -> Bytes.hex(line.split(" ", -1)[0]))
            .toList();
    MemorySegment[] datagrams = recorded.toArray(MemorySegment[]::new);
    int mid = ids.add("0");
    MemorySegment descriptor = Bytes.allocate(60);

    long allocated =
        HeapUse.leastBytesAllocated(() -> {
          MemorySegment datagram = datagrams[packets++ % datagrams.length];
          require(packet.wrap(datagram, 0, (int) datagram.byteSize()));
          require(extensions.wrap(packet, MAP));
          unwrapper.unwrap(packet.sequenceNumber());
          timestamps.unwrap(packet.timestamp());
          ids.find(extensions, ExtensionType.MID);
          rewriter
              .begin(packet, extensions, MAP)
              .ssrc(packets)
              .sequenceNumber(packets)
              .put(ExtensionType.MID, ids.segment(), ids.offset(mid), ids.length(mid))
              .put(ExtensionType.DEPENDENCY_DESCRIPTOR, descriptor, 0, 1 + packets % 60)
              .transportSequenceNumber(packets)
              .absSendTime(AbsSendTime.ofNanos(packets));
          require(rewriter.write(out, 0, 2000) > 0);
          require(rewriter.valueOffset(ExtensionType.ABS_SEND_TIME) > 0);
        });

    assertThat(allocated).isZero();
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("a recorded packet was refused");
    }
  }
}
