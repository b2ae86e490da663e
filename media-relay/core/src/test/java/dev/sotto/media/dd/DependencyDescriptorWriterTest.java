package dev.sotto.media.dd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.dd.testkit.DescriptorText;
import dev.sotto.media.dd.testkit.StructureTable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A descriptor that is written again for one receiver")
class DependencyDescriptorWriterTest {
  private static final long SAME = DependencyDescriptorWriter.SAME_DECODE_TARGETS;

  private final DependencyDescriptorReader reader = new DependencyDescriptorReader();
  private final DependencyDescriptor descriptor = new DependencyDescriptor();
  private final DependencyDescriptorWriter writer = new DependencyDescriptorWriter();
  private final String structure = StructureTable.load("L3T3_KEY").bits(10);

  @Test
  void keeps_every_bit_but_the_two_numbers() {
    read(key());
    DescriptorText delta =
        DescriptorText.plain(true, true, 13, 110)
            .withDtis("--D------")
            .withFdiffs(List.of(3, 300))
            .withChainDiffs(List.of(3, 2, 1));
    read(delta.toBytes());

    assertThat(rewritten(false, SAME, 65430, 60))
        .isEqualTo(
            DescriptorText.plain(true, true, 9, 4)
                .withDtis("--D------")
                .withFdiffs(List.of(3, 300))
                .withChainDiffs(List.of(3, 2, 1))
                .toBytes());
  }

  @Test
  void shifts_the_offset_within_a_structure_that_it_carries() {
    read(key());
    assertThat(rewritten(true, SAME, 1, 20))
        .isEqualTo(
            DescriptorText.plain(true, false, 30, 101)
                .withStructure(StructureTable.load("L3T3_KEY").bits(30))
                .toBytes());
  }

  @Test
  void attaches_the_structure_where_a_receiver_begins() {
    read(key());
    read(DescriptorText.plain(true, false, 15, 101).withFdiffs(List.of()).toBytes());
    assertThat(rewritten(true, SAME, -101, -10))
        .isEqualTo(
            DescriptorText.plain(true, false, 5, 0)
                .withStructure(StructureTable.load("L3T3_KEY").bits(0))
                .withFdiffs(List.of())
                .toBytes());
  }

  @Test
  void attaches_the_mask_to_a_descriptor_of_three_bytes() {
    read(key());
    read(DescriptorText.plain(true, true, 13, 103).toBytes());
    assertThat(rewritten(false, 0b000_000_111, 0, 0))
        .isEqualTo(DescriptorText.plain(true, true, 13, 103).withActive("000000111").toBytes());
  }

  @Test
  void replaces_a_mask_and_leaves_an_equal_one() {
    read(key());
    byte[] masked = DescriptorText.plain(true, true, 13, 103).withActive("111111111").toBytes();
    read(masked);
    assertThat(rewritten(false, 0b111, 0, 0))
        .isEqualTo(DescriptorText.plain(true, true, 13, 103).withActive("000000111").toBytes());
    assertThat(rewritten(false, 0b111_111_111, 0, 0)).isEqualTo(masked);
    assertThat(rewritten(false, SAME, 0, 0)).isEqualTo(masked);
  }

  @Test
  void says_which_decode_targets_are_active_beside_an_attached_structure() {
    read(key());
    read(DescriptorText.plain(true, true, 13, 103).withActive("000111111").toBytes());
    read(DescriptorText.plain(true, true, 13, 106).toBytes());
    assertThat(rewritten(true, SAME, 0, 0))
        .isEqualTo(
            DescriptorText.plain(true, true, 13, 106)
                .withStructure(structure)
                .withActive("000111111")
                .toBytes());
  }

  @Test
  void says_what_room_it_needs_and_writes_nothing_into_less() {
    read(key());
    int needed = writer.prepare(descriptor, true, 1);
    MemorySegment room = Arena.ofAuto().allocate(needed);
    assertThat(writer.write(1, 1, room, 0, needed - 1)).isEqualTo(-1);
    assertThat(room.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    assertThat(writer.write(1, 1, room, 0, needed)).isEqualTo(needed);
  }

  private byte[] key() {
    return DescriptorText.plain(true, false, 10, 100).withStructure(structure).toBytes();
  }

  private void read(byte[] bytes) {
    MemorySegment segment = Arena.ofAuto().allocate(bytes.length);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    assertThat(reader.read(segment, 0, bytes.length, descriptor))
        .isEqualTo(DescriptorResult.PARSED);
  }

  private byte[] rewritten(boolean withStructure, long mask, int frames, int templates) {
    int length = writer.prepare(descriptor, withStructure, mask);
    MemorySegment target = Arena.ofAuto().allocate(length + 2);
    target.fill((byte) 0xff);
    assertThat(writer.write(frames, templates, target, 1, length)).isEqualTo(length);
    assertThat(target.get(ValueLayout.JAVA_BYTE, length + 1))
        .as("the byte behind")
        .isEqualTo((byte) -1);
    return target.asSlice(1, length).toArray(ValueLayout.JAVA_BYTE);
  }
}
