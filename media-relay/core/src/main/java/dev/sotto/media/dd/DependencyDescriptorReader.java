package dev.sotto.media.dd;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Reads the descriptors of one encoding (one SSRC), and keeps what later packets lean on: the
 * structure in force and the one before it, for packets that come late; the active decode targets;
 * the count of frames. Bytes that it refuses leave all of that as it was. Allocates only for a
 * structure that it has not got.
 */
public final class DependencyDescriptorReader {
  private final BitReader bits = new BitReader();
  private final StructureScan scan = new StructureScan();

  private TemplateDependencyStructure current = TemplateDependencyStructure.NONE;
  private TemplateDependencyStructure previous = TemplateDependencyStructure.NONE;

  /** The frame that brought the current structure first. */
  private long currentSince;

  private long previousSince;

  private int activeDecodeTargets;
  private long activeSince;
  private long highestFrame = -1;

  /** Reads the bytes of the extension element; the result is usable when PARSED is returned. */
  public DescriptorResult read(
      MemorySegment segment, long offset, int length, DependencyDescriptor into) {
    into.usable = false;
    into.absent = false;
    if (length < DependencyDescriptor.MANDATORY_BYTES) {
      return DescriptorResult.TRUNCATED;
    }
    into.segment = segment;
    into.offset = offset;
    into.length = length;
    int first = Wire.u8(segment, offset);
    into.startOfFrame = (first & 0x80) != 0;
    into.endOfFrame = (first & 0x40) != 0;
    into.templateId = first & 0x3f;
    into.frame = countedOn(Wire.u16(segment, offset + 1));
    DescriptorResult result =
        length == DependencyDescriptor.MANDATORY_BYTES ? readPlain(into) : readExtended(into);
    if (result == DescriptorResult.PARSED) {
      into.usable = true;
      accept(into);
    }
    return result;
  }

  /** The nearest to the highest so far; the first one leaves room for what it refers to. */
  private long countedOn(int frameNumber) {
    return highestFrame < 0
        ? frameNumber + 0x10000L
        : highestFrame + (short) (frameNumber - (int) highestFrame);
  }

  private DescriptorResult readPlain(DependencyDescriptor into) {
    into.hasStructure = false;
    into.hasActiveDecodeTargets = false;
    into.customFlags = 0;
    into.customFdiffs = false;
    into.customChains = false;
    into.customStart = 0;
    into.customEnd = 0;
    if (!pickStructure(into)) {
      return DescriptorResult.UNKNOWN_TEMPLATE;
    }
    into.activeDecodeTargets = activeDecodeTargets;
    into.dtis = into.structure.dtis(into.template);
    into.fdiffCount = into.structure.fdiffCount(into.template);
    return DescriptorResult.PARSED;
  }

  private DescriptorResult readExtended(DependencyDescriptor into) {
    bits.wrap(into.segment, into.offset, into.length);
    bits.moveTo(8 * DependencyDescriptor.MANDATORY_BYTES);
    into.hasStructure = bits.flag();
    into.hasActiveDecodeTargets = bits.flag();
    into.customFlags = bits.read(3);
    into.customFdiffs = (into.customFlags & 2) != 0;
    into.customChains = (into.customFlags & 1) != 0;
    if (into.hasStructure) {
      DescriptorResult result = readStructure(into);
      if (result != DescriptorResult.PARSED) {
        return result;
      }
    } else if (!pickStructure(into)) {
      return DescriptorResult.UNKNOWN_TEMPLATE;
    }
    TemplateDependencyStructure structure = into.structure;
    into.activeDecodeTargets =
        into.hasActiveDecodeTargets
            ? bits.read(structure.decodeTargetCount())
            : into.hasStructure ? structure.allDecodeTargets() : activeDecodeTargets;
    into.customStart = bits.position();
    boolean customDtis = (into.customFlags & 4) != 0;
    into.dtis =
        customDtis
            ? TemplateDependencyStructure.readDtis(bits, structure.decodeTargetCount())
            : structure.dtis(into.template);
    into.fdiffCount = structure.fdiffCount(into.template);
    if (into.customFdiffs && !readFdiffs(into)) {
      return DescriptorResult.MALFORMED;
    }
    if (into.customChains) {
      for (int chain = 0; chain < structure.chainCount(); chain++) {
        into.chainDiffs[chain] = bits.read(8);
      }
    }
    into.customEnd = bits.position();
    return bits.overrun() ? DescriptorResult.TRUNCATED : DescriptorResult.PARSED;
  }

  private DescriptorResult readStructure(DependencyDescriptor into) {
    if (current.isNextIn(bits)) {
      into.structure = current;
    } else if (previous.isNextIn(bits)) {
      into.structure = previous;
    } else {
      int start = bits.position();
      if (!scan.scan(bits)) {
        return bits.overrun() ? DescriptorResult.TRUNCATED : DescriptorResult.MALFORMED;
      }
      bits.moveTo(start);
      into.structure = new TemplateDependencyStructure(bits, scan);
    }
    into.template = into.structure.templateIndex(into.templateId);
    return into.template < 0 ? DescriptorResult.MALFORMED : DescriptorResult.PARSED;
  }

  /** A frame older than the current structure belongs to the one before. */
  private boolean pickStructure(DependencyDescriptor into) {
    boolean late = into.frame < currentSince;
    into.structure = late ? previous : current;
    into.template = into.structure.templateIndex(into.templateId);
    return into.template >= 0;
  }

  private boolean readFdiffs(DependencyDescriptor into) {
    into.fdiffCount = 0;
    int size;
    while ((size = bits.read(2)) != 0) {
      if (into.fdiffCount == DependencyDescriptor.MAX_FDIFFS) {
        return false;
      }
      into.fdiffs[into.fdiffCount++] = bits.read(4 * size) + 1;
    }
    return true;
  }

  private void accept(DependencyDescriptor read) {
    highestFrame = Math.max(highestFrame, read.frame);
    if (read.hasStructure) {
      acceptStructure(read);
    }
    if ((read.hasStructure || read.hasActiveDecodeTargets) && read.frame >= activeSince) {
      activeSince = read.frame;
      activeDecodeTargets = read.activeDecodeTargets;
    }
  }

  private void acceptStructure(DependencyDescriptor read) {
    if (read.frame < currentSince) {
      if (read.structure == current) {
        currentSince = read.frame;
      } else if (read.frame >= previousSince) {
        previous = read.structure;
        previousSince = read.frame;
      }
      return;
    }
    if (read.structure != current) {
      previous = current;
      previousSince = currentSince;
      current = read.structure;
      currentSince = read.frame;
    }
  }
}
