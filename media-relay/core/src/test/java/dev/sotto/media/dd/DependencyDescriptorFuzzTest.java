package dev.sotto.media.dd;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sotto.media.dd.testkit.DescriptorText;
import dev.sotto.media.dd.testkit.StructureTable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.DisplayName;

/**
 * Descriptors from the network: each input is a run of them, a length byte before each. The normal
 * test run reads the saved corpus once.
 */
@DisplayName("No descriptor makes the reader or the writer throw or step outside of its bytes")
class DependencyDescriptorFuzzTest {
  @FuzzTest(maxDuration = "10m")
  void reader_and_writer(byte[] input) {
    try (Arena arena = Arena.ofConfined()) {
      DependencyDescriptorReader reader = new DependencyDescriptorReader();
      DependencyDescriptor descriptor = new DependencyDescriptor();
      byte[] known =
          DescriptorText.plain(true, true, 0, 1)
              .withStructure(StructureTable.load("L1T3").bits(0))
              .toBytes();
      reader.read(segment(arena, known, 0, known.length), 0, known.length, descriptor);
      for (int at = 0; at < input.length; ) {
        int length = Math.min(input[at] & 0xff, input.length - at - 1);
        MemorySegment bytes = segment(arena, input, at + 1, length);
        boolean parsed = reader.read(bytes, 0, length, descriptor) == DescriptorResult.PARSED;
        require(parsed == descriptor.isUsable());
        if (parsed) {
          visit(descriptor);
          rewrite(arena, descriptor);
        }
        at += 1 + length;
      }
    }
  }

  private static void visit(DependencyDescriptor descriptor) {
    TemplateDependencyStructure structure = descriptor.structure();
    require(descriptor.spatialId() <= 3 && descriptor.temporalId() <= 7);
    for (int i = 0; i < descriptor.fdiffCount(); i++) {
      require(descriptor.fdiff(i) >= 1 && descriptor.fdiff(i) <= 4096);
    }
    for (int chain = 0; chain < structure.chainCount(); chain++) {
      require(descriptor.chainDiff(chain) >= 0 && descriptor.chainDiff(chain) <= 255);
      descriptor.isPartOfChain(chain);
    }
    int best = structure.bestTarget(1, 1, descriptor.activeDecodeTargets());
    require(best < structure.decodeTargetCount());
    require(best < 0 || (structure.subTargets(best) >>> best & 1) == 1);
  }

  private static void rewrite(Arena arena, DependencyDescriptor descriptor) {
    DependencyDescriptorWriter writer = new DependencyDescriptorWriter();
    int length = writer.prepare(descriptor, true, 1);
    MemorySegment exactly = arena.allocate(length);
    require(writer.write(7, 9, exactly, 0, length) == length);
    DependencyDescriptor again = new DependencyDescriptor();
    require(
        new DependencyDescriptorReader().read(exactly, 0, length, again)
            == DescriptorResult.PARSED);
    require(again.frameNumber() == ((descriptor.frameNumber() + 7) & 0xffff));
    require(again.templateId() == ((descriptor.templateId() + 9) & 63));
    require(again.activeDecodeTargets() == 1);
    require(again.temporalId() == descriptor.temporalId());
  }

  private static MemorySegment segment(Arena arena, byte[] bytes, int from, int length) {
    MemorySegment exactly = arena.allocate(Math.max(length, 1));
    MemorySegment.copy(bytes, from, exactly, ValueLayout.JAVA_BYTE, 0, length);
    return exactly.asSlice(0, length);
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("an invariant of the descriptor does not hold");
    }
  }
}
