package dev.sotto.media.selection;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dd.DependencyDescriptorReader;
import dev.sotto.media.dd.DependencyDescriptorWriter;
import dev.sotto.media.selection.testkit.LayeredEncoder;
import dev.sotto.media.selection.testkit.TracePacket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets of a trace, with gaps, late ones and duplicates, over and over, targets changing. */
@DisplayName("Choosing and rewriting a packet costs no heap")
class SelectionGarbageTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 100;

  private final MemorySegment in = Arena.ofAuto().allocate(1 << 20);
  private final MemorySegment out = Arena.ofAuto().allocate(512);
  private final DependencyDescriptor descriptor = new DependencyDescriptor();
  private final DependencyDescriptorReader reader = new DependencyDescriptorReader();
  private final DependencyDescriptorWriter writer = new DependencyDescriptorWriter();
  private final Rewrite rewrite = new Rewrite();
  private final SlotProjection slot = new SlotProjection(SlotKind.VIDEO, 1, 2, 3, 1024);

  private int[] sequenceNumbers = new int[0];
  private int[] timestamps = new int[0];
  private boolean[] markers = new boolean[0];
  private int[] sizes = new int[0];
  private int[] ends = new int[0];
  private long forwarded;

  @ParameterizedTest
  @ValueSource(strings = {"L1T3", "L3T3", "L3T3_KEY", "S3T3"})
  void whatever_the_layers(String mode) {
    load(mode);
    slot.occupy(1);
    long least = Long.MAX_VALUE;
    for (int run = 0; run < 10 && least > 0; run++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int round = 0; round < ROUNDS; round++) {
        play(round);
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isZero();
    assertThat(forwarded).isGreaterThan(ROUNDS * 50L);
  }

  private void load(String mode) {
    LayeredEncoder encoder = new LayeredEncoder(new Random(11), 0, 0, mode, 1000);
    encoder.keepTemplateIds();
    Random random = new Random(12);
    List<TracePacket> trace = new ArrayList<>();
    for (int picture = 0; picture < 100; picture++) {
      for (TracePacket packet : encoder.picture(picture * 33_000_000L)) {
        if (random.nextInt(20) != 0) {
          trace.add(Math.max(0, trace.size() - random.nextInt(2)), packet);
        }
      }
    }
    int count = trace.size();
    sequenceNumbers = new int[count];
    timestamps = new int[count];
    markers = new boolean[count];
    sizes = new int[count];
    ends = new int[count];
    int end = 0;
    for (int i = 0; i < count; i++) {
      TracePacket packet = trace.get(i);
      sequenceNumbers[i] = packet.sequenceNumber();
      timestamps[i] = packet.timestamp();
      markers[i] = packet.marker();
      sizes[i] = packet.payloadBytes();
      byte[] bytes = packet.descriptor().array();
      MemorySegment.copy(bytes, 0, in, ValueLayout.JAVA_BYTE, end, bytes.length);
      ends[i] = end += bytes.length;
    }
  }

  /** Each round as if the sender went on: later numbers, the same descriptors after a new join. */
  private void play(int round) {
    slot.pause();
    for (int i = 0; i < ends.length; i++) {
      if (i % 50 == 0) {
        slot.setTarget(0, (i / 50 + round) % 3, (i / 100 + round) % 3);
      }
      int start = i == 0 ? 0 : ends[i - 1];
      if (ends[i] == start) {
        descriptor.clear();
      } else {
        reader.read(in, start, ends[i] - start, descriptor);
      }
      long now = (round * 100L + i) * 5_000_000L;
      Verdict verdict =
          slot.project(
              0,
              sequenceNumbers[i],
              timestamps[i],
              markers[i],
              sizes[i],
              now,
              now,
              descriptor,
              rewrite);
      if (verdict == Verdict.FORWARD) {
        forwarded++;
        writer.prepare(descriptor, rewrite.structureWanted(), rewrite.activeDecodeTargets());
        writer.write(rewrite.frameNumberDelta(), rewrite.templateIdDelta(), out, 0, 512);
        slot.find(rewrite.sequenceNumber(), rewrite);
      }
      slot.keyFrameWanted(now);
    }
  }
}
