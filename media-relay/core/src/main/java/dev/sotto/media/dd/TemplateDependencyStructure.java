package dev.sotto.media.dd;

/**
 * A frame dependency structure (A.8.2 template_dependency_structure): the templates that the frames
 * of a coded video sequence refer to, its decode targets and its chains. Immutable; two that were
 * read from equal bits are the same. Indices are those of the specification: templates from 0,
 * without the offset of their ids.
 */
public final class TemplateDependencyStructure {
  /** What there is before a structure has arrived. */
  static final TemplateDependencyStructure NONE = new TemplateDependencyStructure();

  private final int templateIdOffset;
  private final int chainCount;
  private final byte[] spatialIds;
  private final byte[] temporalIds;
  private final long[] dtis;
  private final byte[] fdiffs;
  private final int[] fdiffEnds;
  private final byte[] chainDiffs;
  private final byte[] protectedBy;
  private final byte[] targetSpatialIds;
  private final byte[] targetTemporalIds;
  private final int[] subTargets;
  private final int[] resolutions;

  /** As it was read, 32 bits a word, the last ones right-aligned: to be compared and written. */
  private final int[] words;

  private final int bitLength;

  private TemplateDependencyStructure() {
    templateIdOffset = 0;
    chainCount = 0;
    spatialIds = temporalIds = fdiffs = chainDiffs = new byte[0];
    protectedBy = targetSpatialIds = targetTemporalIds = new byte[0];
    dtis = new long[0];
    fdiffEnds = subTargets = resolutions = words = new int[0];
    bitLength = 0;
  }

  /** From bits that the scan has found good; the reader ends behind them. */
  TemplateDependencyStructure(BitReader reader, StructureScan scan) {
    int start = reader.position();
    int templates = scan.templateCount;
    int targets = scan.decodeTargetCount;
    templateIdOffset = reader.read(6);
    reader.read(5);
    spatialIds = new byte[templates];
    temporalIds = new byte[templates];
    readLayers(reader);
    dtis = new long[templates];
    for (int template = 0; template < templates; template++) {
      dtis[template] = readDtis(reader, targets);
    }
    fdiffs = new byte[scan.fdiffTotal];
    fdiffEnds = new int[templates];
    int end = 0;
    for (int template = 0; template < templates; template++) {
      while (reader.flag()) {
        fdiffs[end++] = (byte) (reader.read(4) + 1);
      }
      fdiffEnds[template] = end;
    }
    chainCount = reader.readNonSymmetric(targets + 1);
    protectedBy = new byte[chainCount == 0 ? 0 : targets];
    for (int target = 0; target < protectedBy.length; target++) {
      protectedBy[target] = (byte) reader.readNonSymmetric(chainCount);
    }
    chainDiffs = new byte[templates * chainCount];
    for (int i = 0; i < chainDiffs.length; i++) {
      chainDiffs[i] = (byte) reader.read(4);
    }
    targetSpatialIds = new byte[targets];
    targetTemporalIds = new byte[targets];
    subTargets = new int[targets];
    deriveTargets();
    resolutions = new int[reader.flag() ? scan.maxSpatialId + 1 : 0];
    for (int spatialId = 0; spatialId < resolutions.length; spatialId++) {
      resolutions[spatialId] = reader.read(32);
    }
    bitLength = reader.position() - start;
    words = new int[(bitLength + Integer.SIZE - 1) / Integer.SIZE];
    reader.moveTo(start);
    for (int i = 0; i < words.length; i++) {
      words[i] = reader.read(wordBits(i));
    }
  }

  private void readLayers(BitReader reader) {
    byte spatialId = 0;
    byte temporalId = 0;
    for (int template = 0; template < spatialIds.length; template++) {
      spatialIds[template] = spatialId;
      temporalIds[template] = temporalId;
      int next = reader.read(2);
      if (next == 1) {
        temporalId++;
      } else if (next == 2) {
        temporalId = 0;
        spatialId++;
      }
    }
  }

  /** The indications of one frame, two bits for each decode target, the first lowest. */
  static long readDtis(BitReader reader, int targets) {
    long packed = 0;
    for (int target = 0; target < targets; target++) {
      packed |= (long) reader.read(2) << (2 * target);
    }
    return packed;
  }

  private void deriveTargets() {
    for (int target = 0; target < subTargets.length; target++) {
      subTargets[target] = allDecodeTargets();
      for (int template = 0; template < dtis.length; template++) {
        if (dti(template, target) != DecodeTargetIndication.NOT_PRESENT) {
          targetSpatialIds[target] =
              (byte) Math.max(targetSpatialIds[target], spatialIds[template]);
          targetTemporalIds[target] =
              (byte) Math.max(targetTemporalIds[target], temporalIds[template]);
        } else {
          subTargets[target] &= ~presentIn(template);
        }
      }
    }
  }

  private int presentIn(int template) {
    int present = 0;
    for (int target = 0; target < subTargets.length; target++) {
      if (dti(template, target) != DecodeTargetIndication.NOT_PRESENT) {
        present |= 1 << target;
      }
    }
    return present;
  }

  private int dti(int template, int target) {
    return (int) (dtis[template] >>> (2 * target)) & 3;
  }

  /** The id that frames give for the template with index 0; 0..63. */
  public int templateIdOffset() {
    return templateIdOffset;
  }

  public int templateCount() {
    return spatialIds.length;
  }

  public int decodeTargetCount() {
    return targetSpatialIds.length;
  }

  public int chainCount() {
    return chainCount;
  }

  /** The index that a template id stands for, or -1 when it is outside of the structure. */
  public int templateIndex(int templateId) {
    int index = (templateId - templateIdOffset) & 63;
    return index < spatialIds.length ? index : -1;
  }

  public int spatialId(int template) {
    return spatialIds[template];
  }

  public int temporalId(int template) {
    return temporalIds[template];
  }

  /** Two bits for each decode target, the first lowest. */
  public long dtis(int template) {
    return dtis[template];
  }

  public int fdiffCount(int template) {
    return fdiffEnds[template] - fdiffStart(template);
  }

  public int fdiff(int template, int index) {
    return fdiffs[fdiffStart(template) + index];
  }

  private int fdiffStart(int template) {
    return template == 0 ? 0 : fdiffEnds[template - 1];
  }

  public int chainDiff(int template, int chain) {
    return chainDiffs[template * chainCount + chain];
  }

  /** The chain that protects a decode target, or -1 in a structure without chains. */
  public int protectedBy(int decodeTarget) {
    return chainCount == 0 ? -1 : protectedBy[decodeTarget];
  }

  /** The highest spatial layer of a decode target's frames (decode_target_layers of A.8.2). */
  public int decodeTargetSpatialId(int decodeTarget) {
    return targetSpatialIds[decodeTarget];
  }

  public int decodeTargetTemporalId(int decodeTarget) {
    return targetTemporalIds[decodeTarget];
  }

  /** A mask with a bit for each decode target, the first lowest. */
  public int allDecodeTargets() {
    return -1 >>> (Integer.SIZE - subTargets.length);
  }

  /**
   * The decode targets, this one included, whose frames are all among its own: who has received it
   * can go on with any of them at any frame.
   */
  public int subTargets(int decodeTarget) {
    return subTargets[decodeTarget];
  }

  /**
   * The decode target among {@code allowed} (a mask) with the highest spatial and then the highest
   * temporal layer within the limits; when none is, the lowest of them; -1 when none is allowed.
   */
  public int bestTarget(int maxSpatialId, int maxTemporalId, int allowed) {
    int best = -1;
    int lowest = -1;
    for (int target = 0; target < subTargets.length; target++) {
      if (((allowed >>> target) & 1) == 0) {
        continue;
      }
      if (targetSpatialIds[target] <= maxSpatialId
          && targetTemporalIds[target] <= maxTemporalId
          && (best < 0 || rank(target) > rank(best))) {
        best = target;
      }
      if (lowest < 0 || rank(target) < rank(lowest)) {
        lowest = target;
      }
    }
    return best >= 0 ? best : lowest;
  }

  private int rank(int target) {
    return (targetSpatialIds[target] << 3) | targetTemporalIds[target];
  }

  public boolean hasResolutions() {
    return resolutions.length > 0;
  }

  /** In pixels, of frames of that spatial layer; only of a structure that has resolutions. */
  public int width(int spatialId) {
    return (resolutions[spatialId] >>> 16) + 1;
  }

  public int height(int spatialId) {
    return (resolutions[spatialId] & 0xffff) + 1;
  }

  int bitLength() {
    return bitLength;
  }

  /** Whether the bits from the reader's position on are this structure; moves behind them if so. */
  boolean isNextIn(BitReader reader) {
    int start = reader.position();
    for (int i = 0; i < words.length; i++) {
      if (reader.read(wordBits(i)) != words[i] || reader.overrun()) {
        reader.moveTo(start);
        return false;
      }
    }
    return bitLength > 0;
  }

  /** Appends its bits with another offset of the template ids. */
  void write(BitWriter writer, int newTemplateIdOffset) {
    writer.write(newTemplateIdOffset, 6);
    writer.write(words[0], wordBits(0) - 6);
    for (int i = 1; i < words.length; i++) {
      writer.write(words[i], wordBits(i));
    }
  }

  private int wordBits(int word) {
    return Math.min(Integer.SIZE, bitLength - word * Integer.SIZE);
  }
}
