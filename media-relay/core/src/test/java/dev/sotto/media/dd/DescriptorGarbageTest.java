package dev.sotto.media.dd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sotto.media.dd.testkit.DescriptorText;
import dev.sotto.media.dd.testkit.StructureTable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Reading and writing a descriptor costs no heap")
class DescriptorGarbageTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int PACKETS = 200_000;

  @Test
  void whatever_the_packet_carries_once_the_structure_is_known() {
    String structure = StructureTable.load("L3T3_KEY").bits(0);
    List<byte[]> packets =
        List.of(
            DescriptorText.plain(true, false, 0, 1).withStructure(structure).toBytes(),
            DescriptorText.plain(false, true, 0, 1).toBytes(),
            DescriptorText.plain(true, true, 3, 2)
                .withDtis("--D------")
                .withFdiffs(List.of(1))
                .withChainDiffs(List.of(1, 2, 3))
                .toBytes(),
            DescriptorText.plain(true, true, 3, 3).withActive("000000111").toBytes(),
            DescriptorText.plain(true, true, 60, 3).toBytes());
    MemorySegment segment = Arena.ofAuto().allocate(1024);
    int[] ends = new int[packets.size()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      MemorySegment.copy(
          packets.get(i), 0, segment, ValueLayout.JAVA_BYTE, end, packets.get(i).length);
      ends[i] = end += packets.get(i).length;
    }
    MemorySegment target = Arena.ofAuto().allocate(256);
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    DependencyDescriptor descriptor = new DependencyDescriptor();
    DependencyDescriptorWriter writer = new DependencyDescriptorWriter();
    long least = Long.MAX_VALUE;
    for (int run = 0; run < 10 && least > 0; run++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < PACKETS; i++) {
        int packet = i % ends.length;
        int start = packet == 0 ? 0 : ends[packet - 1];
        if (reader.read(segment, start, ends[packet] - start, descriptor)
            == DescriptorResult.PARSED) {
          writer.prepare(descriptor, packet == 1, packet == 2 ? 7 : -1);
          writer.write(i, i, target, 0, 256);
        }
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isZero();
  }
}
