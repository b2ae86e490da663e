package dev.sotto.media.dd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.dd.testkit.DescriptorText;
import dev.sotto.media.dd.testkit.StructureTable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The Dependency Descriptor, as appendix A of the AV1 RTP specification has it")
class DependencyDescriptorTest {
  private final DependencyDescriptorReader reader = new DependencyDescriptorReader();
  private final DependencyDescriptor descriptor = new DependencyDescriptor();

  @Test
  void section_a_8_2_mandatory_fields_are_three_bytes() {
    read(key("L1T3", 0, 99));

    assertThat(read(bytes("43 0064"))).isEqualTo(DescriptorResult.PARSED);

    assertThat(descriptor.startOfFrame()).isFalse();
    assertThat(descriptor.endOfFrame()).isTrue();
    assertThat(descriptor.templateId()).isEqualTo(3);
    assertThat(descriptor.frameNumber()).isEqualTo(100);
    assertThat(descriptor.temporalId()).isEqualTo(2);
    assertThat(descriptor.hasStructure()).isFalse();
  }

  /** Packed by hand from the table of A.10.2.1 and the syntax, to check the test's own encoder. */
  @Test
  void section_a_10_2_1_the_bits_of_l1t3_are_those_that_were_packed_by_hand() {
    String byHand =
        "000101 00010" // template ids from 5, three decode targets
            + "00 01 01 00 11" // next_layer_idc
            + "101010 101010 100100 010000 010000" // DTIs
            + "0 1 0011 0 1 0001 0 1 0000 0 1 0000 0" // frame diffs: none, 4, 2, 1, 1
            + "01 0000 0100 0010 0001 0011" // one chain: ns(4) = 01, ns(1) three times = nothing
            + "0"; // no resolutions
    assertThat(StructureTable.load("L1T3").bits(5)).isEqualTo(byHand.replace(" ", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"L1T3", "L3T3", "L3T3_KEY", "S3T3"})
  void section_a_10_2_structures_are_read_as_their_tables_stand(String name) {
    StructureTable table = StructureTable.load(name);

    assertThat(read(key(name, 60, 7))).isEqualTo(DescriptorResult.PARSED);

    TemplateDependencyStructure structure = descriptor.structure();
    assertThat(structure.templateCount()).isEqualTo(table.templates().size());
    assertThat(structure.decodeTargetCount()).isEqualTo(table.decodeTargets());
    assertThat(structure.chainCount()).isEqualTo(table.chains());
    assertThat(structure.hasResolutions()).isEqualTo(!table.resolutions().isEmpty());
    for (int i = 0; i < table.resolutions().size(); i++) {
      assertThat(structure.width(i)).isEqualTo(table.resolutions().get(i)[0]);
      assertThat(structure.height(i)).isEqualTo(table.resolutions().get(i)[1]);
    }
    assertThat(
            IntStream.range(0, table.decodeTargets()).map(structure::protectedBy).boxed().toList())
        .isEqualTo(table.protectedBy());
    for (int template = 0; template < table.templates().size(); template++) {
      read(DescriptorText.plain(true, true, (60 + template) % 64, 8 + template).toBytes());
      assertThat(asTemplate()).isEqualTo(table.templates().get(template));
    }
  }

  private StructureTable.Template asTemplate() {
    StringBuilder dtis = new StringBuilder();
    for (int target = 0; target < descriptor.structure().decodeTargetCount(); target++) {
      dtis.append("-DSR".charAt(descriptor.dti(target)));
    }
    return new StructureTable.Template(
        descriptor.spatialId(),
        descriptor.temporalId(),
        IntStream.range(0, descriptor.fdiffCount()).map(descriptor::fdiff).boxed().toList(),
        IntStream.range(0, descriptor.structure().chainCount())
            .map(descriptor::chainDiff)
            .boxed()
            .toList(),
        dtis.toString());
  }

  @Test
  void section_a_8_2_custom_fields_override_the_template() {
    read(key("L1T3", 0, 99));

    read(
        DescriptorText.plain(true, true, 2, 105)
            .withDtis("R-D")
            .withFdiffs(List.of(3, 17, 4096))
            .withChainDiffs(List.of(250))
            .toBytes());

    assertThat(asTemplate())
        .isEqualTo(new StructureTable.Template(0, 1, List.of(3, 17, 4096), List.of(250), "R-D"));
  }

  /** The scenario of A.10.1.3, where an encoder skips frames and overrides two diffs. */
  @Test
  void section_a_10_1_3_skipped_frames_have_diffs_of_their_own() {
    read(key("L1T3", 0, 103));

    read(
        DescriptorText.plain(true, true, 1, 108)
            .withFdiffs(List.of(5))
            .withChainDiffs(List.of(5))
            .toBytes());

    assertThat(descriptor.fdiff(0)).isEqualTo(5);
    assertThat(descriptor.chainDiff(0)).isEqualTo(5);
    assertThat(descriptor.dti(2)).isEqualTo(DecodeTargetIndication.SWITCH);
  }

  @Test
  void section_a_4_active_decode_targets_hold_until_the_next_update() {
    read(key("L3T3_KEY", 0, 10));
    assertThat(descriptor.activeDecodeTargets()).isEqualTo(0b111_111_111);

    read(DescriptorText.plain(true, true, 1, 22).withActive("000000111").toBytes());
    assertThat(descriptor.hasActiveDecodeTargets()).isTrue();
    read(DescriptorText.plain(true, true, 3, 25).toBytes());
    assertThat(descriptor.hasActiveDecodeTargets()).isFalse();
    assertThat(descriptor.activeDecodeTargets()).isEqualTo(0b111);

    read(DescriptorText.plain(true, true, 3, 13).withActive("111111111").toBytes());
    read(DescriptorText.plain(true, true, 2, 28).toBytes());
    assertThat(descriptor.activeDecodeTargets()).as("a late packet's mask is old").isEqualTo(0b111);

    read(key("L3T3_KEY", 0, 34));
    assertThat(descriptor.activeDecodeTargets()).isEqualTo(0b111_111_111);
  }

  @Test
  void section_a_8_3_a_template_id_outside_of_the_structure_is_not_guessed() {
    read(key("L1T3", 10, 5));
    assertThat(read(DescriptorText.plain(true, true, 9, 6).toBytes()))
        .isEqualTo(DescriptorResult.UNKNOWN_TEMPLATE);
    assertThat(read(DescriptorText.plain(true, true, 15, 6).toBytes()))
        .isEqualTo(DescriptorResult.UNKNOWN_TEMPLATE);
    assertThat(descriptor.isUsable()).isFalse();
    assertThat(read(DescriptorText.plain(true, true, 14, 6).toBytes()))
        .isEqualTo(DescriptorResult.PARSED);
  }

  @Test
  void without_a_structure_nothing_can_be_read() {
    assertThat(read(bytes("c0 0001"))).isEqualTo(DescriptorResult.UNKNOWN_TEMPLATE);
  }

  @Test
  void a_late_packet_is_read_by_the_structure_of_its_time() {
    read(key("L1T3", 0, 65530));
    read(key("L3T3_KEY", 5, 2));

    assertThat(read(DescriptorText.plain(true, true, 2, 65535).toBytes()))
        .isEqualTo(DescriptorResult.PARSED);
    assertThat(descriptor.structure().decodeTargetCount()).isEqualTo(3);

    assertThat(read(DescriptorText.plain(true, true, 10, 3).toBytes()))
        .isEqualTo(DescriptorResult.PARSED);
    assertThat(descriptor.structure().decodeTargetCount()).isEqualTo(9);
    assertThat(descriptor.frame() & 0xffff).isEqualTo(3);
  }

  @Test
  void a_late_packet_from_before_the_same_structure_came_again_is_read_by_it() {
    read(key("L1T3", 0, 100));
    read(key("L1T3", 0, 200));

    assertThat(read(DescriptorText.plain(true, true, 3, 150).toBytes()))
        .isEqualTo(DescriptorResult.PARSED);
  }

  @Test
  void a_late_key_frame_does_not_replace_the_newer_structure() {
    read(key("L1T3", 0, 100));
    read(key("L3T3_KEY", 5, 200));
    read(key("S3T3", 20, 150));

    read(DescriptorText.plain(true, true, 5, 201).toBytes());
    assertThat(descriptor.dti(8)).isEqualTo(DecodeTargetIndication.SWITCH);
    read(DescriptorText.plain(true, true, 20, 151).toBytes());
    assertThat(descriptor.dti(8)).isEqualTo(DecodeTargetIndication.NOT_PRESENT);
  }

  @Test
  void a_structure_that_comes_again_is_the_same_object() {
    read(key("L3T3", 0, 100));
    TemplateDependencyStructure first = descriptor.structure();
    read(key("L3T3", 0, 200));
    assertThat(descriptor.structure()).isSameAs(first);
    read(key("L3T3", 1, 300));
    assertThat(descriptor.structure()).isNotSameAs(first);
    read(key("L3T3", 0, 400));
    assertThat(descriptor.structure()).isSameAs(first);
  }

  @Test
  void frame_numbers_are_counted_on_beyond_sixteen_bits() {
    read(key("L1T3", 0, 65534));
    long first = descriptor.frame();
    read(DescriptorText.plain(true, true, 1, 2).toBytes());
    assertThat(descriptor.frame()).isEqualTo(first + 4);
    read(DescriptorText.plain(true, true, 1, 65535).toBytes());
    assertThat(descriptor.frame()).isEqualTo(first + 1);
  }

  @Test
  void every_truncation_of_a_structure_is_refused_and_changes_nothing() {
    byte[] whole =
        DescriptorText.plain(true, false, 0, 500)
            .withStructure(StructureTable.load("L3T3").bits(0))
            .withActive("000000111")
            .toBytes();
    read(key("L1T3", 30, 400));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThat(read(cut)).as("%d bytes", length).isNotEqualTo(DescriptorResult.PARSED);
      assertThat(read(DescriptorText.plain(true, true, 31, 404).toBytes()))
          .isEqualTo(DescriptorResult.PARSED);
    }
    assertThat(read(whole)).isEqualTo(DescriptorResult.PARSED);
  }

  @Test
  void more_layers_than_av1_has_are_malformed() {
    String fiveSpatial = "000000" + "00000" + "10".repeat(4) + "11" + "0".repeat(400);
    assertThat(read(DescriptorText.plain(true, true, 0, 0).withStructure(fiveSpatial).toBytes()))
        .isEqualTo(DescriptorResult.MALFORMED);
    String endless = "000000" + "00000" + "00".repeat(200);
    assertThat(read(DescriptorText.plain(true, true, 0, 0).withStructure(endless).toBytes()))
        .isEqualTo(DescriptorResult.MALFORMED);
  }

  @Test
  void a_frame_that_refers_to_more_than_any_encoder_is_malformed() {
    read(key("L1T3", 0, 99));
    List<Integer> many = IntStream.rangeClosed(1, 33).boxed().toList();
    assertThat(read(DescriptorText.plain(true, true, 1, 100).withFdiffs(many).toBytes()))
        .isEqualTo(DescriptorResult.MALFORMED);
    assertThat(
            read(
                DescriptorText.plain(true, true, 1, 100).withFdiffs(many.subList(1, 33)).toBytes()))
        .isEqualTo(DescriptorResult.PARSED);
  }

  @Test
  void section_a_6_a_frame_is_part_of_a_chain_when_all_that_it_protects_need_it() {
    read(key("L3T3", 0, 0));
    assertThat(List.of(part(0), part(1), part(2))).containsExactly(true, true, true);
    read(DescriptorText.plain(true, true, 6, 1).toBytes());
    assertThat(List.of(part(0), part(1), part(2))).containsExactly(false, true, true);
    read(DescriptorText.plain(true, true, 2, 2).toBytes());
    assertThat(List.of(part(0), part(1), part(2))).containsExactly(false, false, false);
  }

  private boolean part(int chain) {
    return descriptor.isPartOfChain(chain);
  }

  @Test
  void the_best_decode_target_is_found_whatever_their_order() {
    read(key("L3T3", 0, 0));
    TemplateDependencyStructure highFirst = descriptor.structure();
    assertThat(highFirst.bestTarget(3, 7, 0x1ff)).isEqualTo(0);
    assertThat(highFirst.bestTarget(1, 1, 0x1ff)).isEqualTo(4);
    assertThat(highFirst.bestTarget(0, 0, 0x1ff)).isEqualTo(8);
    assertThat(highFirst.bestTarget(2, 2, 0b111_000_000)).isEqualTo(6);
    assertThat(highFirst.bestTarget(0, 0, 0b000_111_000)).as("the lowest there is").isEqualTo(5);
    assertThat(highFirst.bestTarget(2, 2, 0)).isEqualTo(-1);
    read(key("L3T3_KEY", 20, 10));
    assertThat(descriptor.structure().bestTarget(1, 7, 0x1ff)).isEqualTo(5);
  }

  @Test
  void the_decode_targets_within_another_are_those_whose_frames_it_has() {
    read(key("L3T3", 0, 0));
    assertThat(descriptor.structure().subTargets(0)).isEqualTo(0b111_111_111);
    assertThat(descriptor.structure().subTargets(4)).isEqualTo(0b110_110_000);
    read(key("L3T3_KEY", 20, 10));
    assertThat(descriptor.structure().subTargets(8)).as("S2 alone").isEqualTo(0b111_000_000);
    assertThat(descriptor.structure().subTargets(0)).isEqualTo(0b1);
  }

  private static byte[] key(String structure, int templateIdOffset, int frameNumber) {
    return DescriptorText.plain(true, false, templateIdOffset, frameNumber)
        .withStructure(StructureTable.load(structure).bits(templateIdOffset))
        .toBytes();
  }

  private DescriptorResult read(byte[] bytes) {
    MemorySegment segment = Arena.ofAuto().allocate(bytes.length + 2);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 1, bytes.length);
    return reader.read(segment, 1, bytes.length, descriptor);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
