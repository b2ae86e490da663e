package dev.sotto.benchmarks.micro;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dd.DependencyDescriptorReader;
import dev.sotto.media.dd.DependencyDescriptorWriter;
import dev.sotto.media.rtp.ExtensionMap;
import dev.sotto.media.rtp.ExtensionType;
import dev.sotto.media.rtp.HeaderExtensions;
import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.rtp.RtpRewriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The RTP header of a packet that Chromium sent: read once, then written for each receiver. */
@State(Scope.Thread)
public class HeaderBenchmark {

  private static final int SEND_TIME_ID = 2;
  private static final int TRANSPORT_ID = 3;
  private static final int MID_ID = 4;
  private static final int DESCRIPTOR_ID = 9;
  private static final int ROOM_BYTES = 256;
  private static final int SSRC = 1_000_000;

  private static final ExtensionMap MAP =
      ExtensionMap.builder()
          .put(ExtensionType.ABS_SEND_TIME, SEND_TIME_ID)
          .put(ExtensionType.TRANSPORT_SEQUENCE_NUMBER, TRANSPORT_ID)
          .put(ExtensionType.MID, MID_ID)
          .put(ExtensionType.DEPENDENCY_DESCRIPTOR, DESCRIPTOR_ID)
          .build();

  private final MemorySegment received = Chromium.bytes(Arena.ofAuto(), Chromium.PACKET);
  private final MemorySegment target = Arena.ofAuto().allocate(ROOM_BYTES, 8);
  private final MemorySegment scratch = Arena.ofAuto().allocate(ROOM_BYTES, 8);
  private final RtpPacket packet = new RtpPacket();
  private final HeaderExtensions extensions = new HeaderExtensions();
  private final RtpRewriter rewriter = new RtpRewriter();
  private final DependencyDescriptor descriptor = new DependencyDescriptor();
  private final DependencyDescriptorWriter descriptors = new DependencyDescriptorWriter();
  private int sequenceNumber;

  @Setup
  public void receive() {
    MemorySegment structure = Chromium.bytes(Arena.ofAuto(), Chromium.STRUCTURE_DESCRIPTOR);
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    reader.read(structure, 0, (int) structure.byteSize(), descriptor);
    boolean isRead =
        read() > 0
            && extensions.wrap(packet, MAP)
            && extensions.has(ExtensionType.DEPENDENCY_DESCRIPTOR);
    long offset = extensions.offset(ExtensionType.DEPENDENCY_DESCRIPTOR);
    reader.read(
        extensions.segment(),
        offset,
        extensions.length(ExtensionType.DEPENDENCY_DESCRIPTOR),
        descriptor);
    if (!isRead || !descriptor.isUsable()) {
      throw new IllegalStateException("the packet was not read");
    }
  }

  /** Once for all receivers. */
  @Benchmark
  public int read() {
    if (!packet.wrap(received, 0, (int) received.byteSize()) || !extensions.wrap(packet, MAP)) {
      throw new IllegalStateException("the packet was refused");
    }
    return packet.headerLength() + extensions.transportSequenceNumber();
  }

  /** Other numbers, and room for what is known when it leaves. */
  @Benchmark
  public int rewriteForReceiver() {
    begin();
    return written();
  }

  /** The same with the numbers of the descriptor shifted, after a switch of sources or layers. */
  @Benchmark
  public int rewriteForReceiverWithDescriptor() {
    begin();
    int length =
        descriptors.prepare(descriptor, false, DependencyDescriptorWriter.SAME_DECODE_TARGETS);
    var _ = descriptors.write(sequenceNumber, 7, scratch, 0, ROOM_BYTES);
    rewriter.put(ExtensionType.DEPENDENCY_DESCRIPTOR, scratch, 0, length);
    return written();
  }

  private void begin() {
    rewriter
        .begin(packet, extensions, MAP)
        .ssrc(SSRC)
        .payloadType(packet.payloadType())
        .sequenceNumber(++sequenceNumber)
        .timestamp(sequenceNumber)
        .marker(packet.marker())
        .transportSequenceNumber(0)
        .absSendTime(0);
  }

  private int written() {
    int length = rewriter.writeHeader(target, 0, ROOM_BYTES);
    return length
        + (int) rewriter.valueOffset(ExtensionType.TRANSPORT_SEQUENCE_NUMBER)
        + (int) rewriter.valueOffset(ExtensionType.ABS_SEND_TIME);
  }
}
