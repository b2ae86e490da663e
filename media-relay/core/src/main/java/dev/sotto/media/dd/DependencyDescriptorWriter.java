package dev.sotto.media.dd;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Writes the descriptor of a packet again for one receiver: frame number and template ids shifted,
 * and where asked for with the structure attached or other active decode targets. All else keeps
 * its bits. One object serves any number of descriptors; nothing is allocated.
 */
public final class DependencyDescriptorWriter {
  /** Leaves the mask of active decode targets to what the descriptor has. */
  public static final long SAME_DECODE_TARGETS = -1;

  private static final int FLAG_BITS = 5;
  private static final int STRUCTURE_AT = 8 * DependencyDescriptor.MANDATORY_BYTES + FLAG_BITS;

  private final BitReader reader = new BitReader();
  private final BitWriter writer = new BitWriter();

  private DependencyDescriptor source = new DependencyDescriptor();
  private boolean attach;
  private boolean hasMask;
  private int mask;
  private int lengthBytes;

  /**
   * Takes a usable descriptor and what is to change: the structure is added when {@code
   * withStructure} and absent; the low bits of {@code activeDecodeTargets} replace the mask unless
   * {@link #SAME_DECODE_TARGETS}. Returns the bytes that {@link #write} will need.
   */
  public int prepare(
      DependencyDescriptor descriptor, boolean withStructure, long activeDecodeTargets) {
    source = descriptor;
    TemplateDependencyStructure structure = descriptor.structure;
    attach = withStructure && !descriptor.hasStructure;
    hasMask = activeDecodeTargets != SAME_DECODE_TARGETS || descriptor.hasActiveDecodeTargets;
    mask =
        activeDecodeTargets != SAME_DECODE_TARGETS
            ? (int) activeDecodeTargets
            : descriptor.activeDecodeTargets;
    if (attach && mask != structure.allDecodeTargets()) {
      // A structure by itself says that all are active.
      hasMask = true;
    }
    if (copies()) {
      lengthBytes = descriptor.length;
    } else {
      int bits =
          STRUCTURE_AT
              + (attach || descriptor.hasStructure ? structure.bitLength() : 0)
              + (hasMask ? structure.decodeTargetCount() : 0)
              + (descriptor.customEnd - descriptor.customStart);
      lengthBytes = (bits + 7) / 8;
    }
    return lengthBytes;
  }

  private boolean copies() {
    return !attach
        && hasMask == source.hasActiveDecodeTargets
        && (!hasMask || mask == source.activeDecodeTargets);
  }

  /**
   * Writes what was prepared, with the two numbers of the packet shifted by that much, modulo their
   * size. Returns the length, or -1 without having written when the room is too small.
   */
  public int write(
      int frameNumberDelta,
      int templateIdDelta,
      MemorySegment target,
      long offset,
      int capacityBytes) {
    if (lengthBytes > capacityBytes) {
      return -1;
    }
    int structureOffset = (source.structure.templateIdOffset() + templateIdDelta) & 63;
    if (copies()) {
      Wire.copy(source.segment, source.offset, target, offset, lengthBytes);
      if (source.hasStructure) {
        // The six bits of template_id_offset lie across two bytes, three in each.
        int both = Wire.u16(target, offset + 3) & ~0x7e0;
        Wire.putU16(target, offset + 3, both | (structureOffset << 5));
      }
    } else {
      writeParts(target, offset, structureOffset);
    }
    int flags = Wire.u8(source.segment, source.offset) & 0xc0;
    Wire.putU8(target, offset, flags | ((source.templateId + templateIdDelta) & 63));
    Wire.putU16(target, offset + 1, source.frameNumber() + frameNumberDelta);
    return lengthBytes;
  }

  private void writeParts(MemorySegment target, long offset, int structureOffset) {
    boolean withStructure = attach || source.hasStructure;
    writer.wrap(target, offset);
    writer.write(0, 8 * DependencyDescriptor.MANDATORY_BYTES);
    writer.flag(withStructure);
    writer.flag(hasMask);
    writer.write(source.customFlags, 3);
    if (withStructure) {
      source.structure.write(writer, structureOffset);
    }
    if (hasMask) {
      writer.write(mask, source.structure.decodeTargetCount());
    }
    reader.wrap(source.segment, source.offset, source.length);
    reader.moveTo(source.customStart);
    writer.copy(reader, source.customEnd - source.customStart);
  }
}
