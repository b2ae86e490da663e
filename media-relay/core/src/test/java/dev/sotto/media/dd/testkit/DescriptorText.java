package dev.sotto.media.dd.testkit;

import java.util.List;
import java.util.Optional;

/** A whole descriptor to be encoded, field by field as A.8.2 has them. */
public record DescriptorText(
    boolean start,
    boolean end,
    int templateId,
    int frameNumber,
    Optional<String> structure,
    Optional<String> activeMask,
    Optional<String> dtis,
    Optional<List<Integer>> fdiffs,
    Optional<List<Integer>> chainDiffs) {

  public static DescriptorText plain(boolean start, boolean end, int templateId, int frameNumber) {
    return new DescriptorText(
        start,
        end,
        templateId,
        frameNumber,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public DescriptorText withStructure(String bits) {
    return new DescriptorText(
        start,
        end,
        templateId,
        frameNumber,
        Optional.of(bits),
        activeMask,
        dtis,
        fdiffs,
        chainDiffs);
  }

  /** Without a mask when the text is empty. */
  public DescriptorText withActive(String mask) {
    return new DescriptorText(
        start,
        end,
        templateId,
        frameNumber,
        structure,
        mask.isEmpty() ? Optional.empty() : Optional.of(mask),
        dtis,
        fdiffs,
        chainDiffs);
  }

  public DescriptorText withDtis(String letters) {
    return new DescriptorText(
        start,
        end,
        templateId,
        frameNumber,
        structure,
        activeMask,
        Optional.of(letters),
        fdiffs,
        chainDiffs);
  }

  public DescriptorText withFdiffs(List<Integer> diffs) {
    return new DescriptorText(
        start,
        end,
        templateId,
        frameNumber,
        structure,
        activeMask,
        dtis,
        Optional.of(diffs),
        chainDiffs);
  }

  public DescriptorText withChainDiffs(List<Integer> diffs) {
    return new DescriptorText(
        start,
        end,
        templateId,
        frameNumber,
        structure,
        activeMask,
        dtis,
        fdiffs,
        Optional.of(diffs));
  }

  public byte[] toBytes() {
    Bits bits =
        new Bits().f(1, start ? 1 : 0).f(1, end ? 1 : 0).f(6, templateId).f(16, frameNumber);
    if (structure.isPresent()
        || activeMask.isPresent()
        || dtis.isPresent()
        || fdiffs.isPresent()
        || chainDiffs.isPresent()) {
      bits.f(1, structure.isPresent() ? 1 : 0)
          .f(1, activeMask.isPresent() ? 1 : 0)
          .f(1, dtis.isPresent() ? 1 : 0)
          .f(1, fdiffs.isPresent() ? 1 : 0)
          .f(1, chainDiffs.isPresent() ? 1 : 0);
      structure.ifPresent(bits::text);
      activeMask.ifPresent(bits::text);
      dtis.ifPresent(it -> bits.text(StructureTable.dtiBits(it)));
      fdiffs.ifPresent(all -> writeFdiffs(bits, all));
      chainDiffs.ifPresent(all -> all.forEach(it -> bits.f(8, it)));
    }
    return bits.toBytes();
  }

  private static void writeFdiffs(Bits bits, List<Integer> all) {
    for (int fdiff : all) {
      int size = fdiff <= 16 ? 1 : fdiff <= 256 ? 2 : 3;
      bits.f(2, size).f(4 * size, fdiff - 1);
    }
    bits.f(2, 0);
  }
}
