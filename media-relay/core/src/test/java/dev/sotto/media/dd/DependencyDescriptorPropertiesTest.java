package dev.sotto.media.dd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.dd.testkit.DescriptorText;
import dev.sotto.media.dd.testkit.StructureTable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Any structure and any descriptor, encoded from the syntax, read, and written again. */
class DependencyDescriptorPropertiesTest {
  @Property
  void what_is_encoded_is_read_and_written_again_bit_for_bit(
      @ForAll long seed, @ForAll @IntRange(max = 63) int templateIdOffset) {
    Random random = new Random(seed);
    StructureTable table = anyStructure(random);
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    DependencyDescriptor descriptor = new DependencyDescriptor();
    byte[] key =
        DescriptorText.plain(true, false, templateIdOffset, random.nextInt(65536))
            .withStructure(table.bits(templateIdOffset))
            .toBytes();
    assertThat(read(reader, key, descriptor)).isEqualTo(DescriptorResult.PARSED);
    assertThat(written(descriptor, false, -1, 0, 0)).isEqualTo(key);

    DescriptorText text = anyDescriptor(random, table, templateIdOffset, descriptor.frameNumber());
    byte[] bytes = text.toBytes();
    assertThat(read(reader, bytes, descriptor)).isEqualTo(DescriptorResult.PARSED);
    checkAgainst(text, table, templateIdOffset, descriptor);
    assertThat(written(descriptor, false, -1, 0, 0)).isEqualTo(bytes);
  }

  @Property
  void a_rewritten_descriptor_is_the_encoding_of_what_was_asked_for(@ForAll long seed) {
    Random random = new Random(seed);
    StructureTable table = anyStructure(random);
    int from = random.nextInt(64);
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    DependencyDescriptor descriptor = new DependencyDescriptor();
    read(
        reader,
        DescriptorText.plain(true, false, from, 9).withStructure(table.bits(from)).toBytes(),
        descriptor);
    DescriptorText text = anyDescriptor(random, table, from, 9);
    read(reader, text.toBytes(), descriptor);

    int frames = random.nextInt(65536);
    int templates = random.nextInt(64);
    boolean attach = random.nextBoolean();
    String mask = random.nextBoolean() ? anyMask(random, table) : "";
    String expectedMask = mask.isEmpty() ? text.activeMask().orElse("") : mask;
    DescriptorText expected =
        new DescriptorText(
            text.start(),
            text.end(),
            (text.templateId() + templates) % 64,
            (text.frameNumber() + frames) & 0xffff,
            attach ? Optional.of(table.bits((from + templates) % 64)) : Optional.empty(),
            expectedMask.isEmpty() ? Optional.empty() : Optional.of(expectedMask),
            text.dtis(),
            text.fdiffs(),
            text.chainDiffs());

    long maskBits = mask.isEmpty() ? -1 : Long.parseLong(mask, 2);
    assertThat(written(descriptor, attach, maskBits, frames, templates))
        .isEqualTo(expected.toBytes());
  }

  private static void checkAgainst(
      DescriptorText text, StructureTable table, int offset, DependencyDescriptor read) {
    StructureTable.Template template =
        table.templates().get((text.templateId() - offset + 64) % 64);
    assertThat(read.startOfFrame()).isEqualTo(text.start());
    assertThat(read.endOfFrame()).isEqualTo(text.end());
    assertThat(read.frameNumber()).isEqualTo(text.frameNumber());
    assertThat(read.spatialId()).isEqualTo(template.spatialId());
    assertThat(read.temporalId()).isEqualTo(template.temporalId());
    assertThat(
            IntStream.range(0, table.decodeTargets())
                .mapToObj(it -> "-DSR".substring(read.dti(it), read.dti(it) + 1))
                .collect(Collectors.joining()))
        .isEqualTo(text.dtis().orElse(template.dtis()));
    assertThat(IntStream.range(0, read.fdiffCount()).map(read::fdiff).boxed().toList())
        .isEqualTo(text.fdiffs().orElse(template.fdiffs()));
    assertThat(IntStream.range(0, table.chains()).map(read::chainDiff).boxed().toList())
        .isEqualTo(text.chainDiffs().orElse(template.chainDiffs()));
    text.activeMask()
        .ifPresent(it ->
            assertThat(Integer.toUnsignedLong(read.activeDecodeTargets()))
                .isEqualTo(Long.parseLong(it, 2)));
  }

  private static StructureTable anyStructure(Random random) {
    int targets = 1 + random.nextInt(32);
    int chains = random.nextInt(targets + 1);
    List<StructureTable.Template> templates = new ArrayList<>();
    int spatialId = 0;
    int temporalId = 0;
    int count = 1 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      templates.add(
          new StructureTable.Template(
              spatialId,
              temporalId,
              anyDiffs(random, random.nextInt(4), 1, 16),
              anyDiffs(random, chains, 0, 15),
              anyDtis(random, targets)));
      int next = random.nextInt(3);
      if (next == 1 && temporalId < 7) {
        temporalId++;
      } else if (next == 2 && spatialId < 3) {
        spatialId++;
        temporalId = 0;
      }
    }
    List<Integer> protectedBy = chains == 0 ? List.of() : anyDiffs(random, targets, 0, chains - 1);
    List<int[]> resolutions = new ArrayList<>();
    if (random.nextBoolean()) {
      for (int i = 0; i <= spatialId; i++) {
        resolutions.add(new int[] {1 + random.nextInt(65536), 1 + random.nextInt(65536)});
      }
    }
    // The last template decides how many layers there are.
    List<int[]> asMany =
        resolutions.subList(0, Math.min(resolutions.size(), templates.getLast().spatialId() + 1));
    return new StructureTable(templates, protectedBy, asMany);
  }

  private static DescriptorText anyDescriptor(
      Random random, StructureTable table, int offset, int after) {
    int template = (offset + random.nextInt(table.templates().size())) % 64;
    DescriptorText text =
        DescriptorText.plain(
            random.nextBoolean(),
            random.nextBoolean(),
            template,
            (after + 1 + random.nextInt(30000)) & 0xffff);
    if (random.nextBoolean()) {
      text = text.withActive(anyMask(random, table));
    }
    if (random.nextBoolean()) {
      text = text.withDtis(anyDtis(random, table.decodeTargets()));
    }
    if (random.nextBoolean()) {
      text = text.withFdiffs(anyDiffs(random, random.nextInt(6), 1, 4096));
    }
    return random.nextBoolean()
        ? text.withChainDiffs(anyDiffs(random, table.chains(), 0, 255))
        : text;
  }

  private static String anyMask(Random random, StructureTable table) {
    return random
        .ints(table.decodeTargets(), 0, 2)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining());
  }

  private static String anyDtis(Random random, int targets) {
    return random
        .ints(targets, 0, 4)
        .mapToObj(it -> "-DSR".substring(it, it + 1))
        .collect(Collectors.joining());
  }

  private static List<Integer> anyDiffs(Random random, int count, int low, int high) {
    return random.ints(count, low, high + 1).boxed().toList();
  }

  private static DescriptorResult read(
      DependencyDescriptorReader reader, byte[] bytes, DependencyDescriptor into) {
    MemorySegment segment = Arena.ofAuto().allocate(bytes.length);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return reader.read(segment, 0, bytes.length, into);
  }

  private static byte[] written(
      DependencyDescriptor descriptor, boolean attach, long mask, int frames, int templates) {
    DependencyDescriptorWriter writer = new DependencyDescriptorWriter();
    MemorySegment target = Arena.ofAuto().allocate(1024);
    writer.prepare(descriptor, attach, mask);
    int length = writer.write(frames, templates, target, 0, 1024);
    return target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }
}
