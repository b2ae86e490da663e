package dev.sotto.media.selection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dd.DependencyDescriptorReader;
import dev.sotto.media.dd.testkit.DescriptorText;
import dev.sotto.media.dd.testkit.StructureTable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Header fields and descriptors without any sense: the slot neither throws nor repeats itself. */
class HostileSourceTest {
  private static final List<String> STRUCTURES =
      List.of(
          StructureTable.load("L1T3").bits(0),
          StructureTable.load("L3T3").bits(3),
          StructureTable.load("L3T3_KEY").bits(0),
          StructureTable.load("S3T3").bits(60));

  private final MemorySegment memory = Arena.ofAuto().allocate(512);
  private final DependencyDescriptor descriptor = new DependencyDescriptor();
  private final Rewrite rewrite = new Rewrite();

  @Property(tries = 300)
  void no_jump_of_any_field_makes_a_slot_throw_or_give_a_number_twice(@ForAll long seed) {
    Random random = new Random(seed);
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    SlotProjection slot =
        new SlotProjection(
            random.nextInt(5) == 0 ? SlotKind.AUDIO : SlotKind.VIDEO,
            1,
            random.nextInt(65536),
            random.nextInt(),
            64);
    Set<Long> given = new HashSet<>();
    int sequenceNumber = random.nextInt(65536);
    int frameNumber = random.nextInt(65536);
    long now = random.nextInt();
    for (int step = 0; step < 2000; step++) {
      change(slot, random);
      sequenceNumber += jump(random);
      frameNumber += jump(random);
      now += random.nextInt(5) == 0 ? random.nextLong(1L << 40) : 1_000_000L;
      read(reader, anyDescriptor(random, frameNumber & 0xffff), random);
      long captured = random.nextInt(3) == 0 ? SlotProjection.NO_CAPTURE_TIME : random.nextLong();
      Verdict verdict =
          slot.project(
              random.nextInt(10) - 1,
              sequenceNumber & 0xffff,
              random.nextInt(4) * 3000,
              random.nextBoolean(),
              random.nextInt(10),
              captured,
              now,
              descriptor,
              rewrite);
      if (verdict == Verdict.FORWARD || verdict == Verdict.FILL) {
        assertThat(given.add(rewrite.packetIndex())).isTrue();
        assertThat(rewrite.packetIndex()).isLessThanOrEqualTo(slot.highestPacketIndex());
      }
      slot.find(random.nextInt(65536), rewrite);
      slot.find((int) slot.highestPacketIndex() & 0xffff, rewrite);
      slot.keyFrameWanted(now);
      assertThat(slot.spatialId() | slot.temporalId()).isBetween(0, 7);
    }
  }

  private static void change(SlotProjection slot, Random random) {
    switch (random.nextInt(60)) {
      case 0 -> slot.occupy(random.nextInt(3));
      case 1 -> slot.pause();
      default -> {
        if (random.nextInt(8) == 0) {
          slot.setTarget(random.nextInt(8), random.nextInt(8), random.nextInt(8));
        }
      }
    }
  }

  private static int jump(Random random) {
    return switch (random.nextInt(20)) {
      case 0 -> random.nextInt(65536);
      case 1 -> -random.nextInt(40);
      case 2 -> random.nextInt(100);
      default -> 1;
    };
  }

  private static DescriptorText anyDescriptor(Random random, int frameNumber) {
    DescriptorText text =
        DescriptorText.plain(
            random.nextBoolean(), random.nextBoolean(), random.nextInt(20), frameNumber);
    if (random.nextInt(10) == 0) {
      text = text.withStructure(STRUCTURES.get(random.nextInt(STRUCTURES.size())));
    }
    if (random.nextInt(5) == 0) {
      text = text.withFdiffs(random.ints(random.nextInt(3), 1, 4097).boxed().toList());
    }
    return random.nextInt(5) == 0
        ? text.withChainDiffs(random.ints(3, 0, 256).boxed().toList())
        : text;
  }

  private void read(DependencyDescriptorReader reader, DescriptorText text, Random random) {
    byte[] bytes = text.toBytes();
    if (random.nextInt(20) == 0) {
      descriptor.clear();
      return;
    }
    if (random.nextInt(10) == 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    reader.read(memory, 0, bytes.length, descriptor);
  }
}
