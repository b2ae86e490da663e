package dev.sotto.media.dd;

/**
 * Walks over a template_dependency_structure() without keeping it: says whether it is well formed
 * and how large its parts are, so that only a good one is allocated.
 */
final class StructureScan {
  /** spatial_id of an AV1 OBU has two bits, temporal_id three: no encoder can mean more. */
  static final int MAX_SPATIAL_ID = 3;

  static final int MAX_TEMPORAL_ID = 7;

  /** frame_dependency_template_id has six bits. */
  static final int MAX_TEMPLATES = 64;

  int templateCount;
  int decodeTargetCount;
  int chainCount;
  int fdiffTotal;
  int maxSpatialId;

  /** Reads from the position on; false when malformed or cut off. */
  boolean scan(BitReader bits) {
    bits.read(6);
    decodeTargetCount = bits.read(5) + 1;
    return scanLayers(bits)
        && skip(bits, 2 * decodeTargetCount * templateCount)
        && scanFdiffs(bits)
        && scanChains(bits)
        && skip(bits, bits.flag() ? 32 * (maxSpatialId + 1) : 0);
  }

  private boolean scanLayers(BitReader bits) {
    templateCount = 0;
    int spatialId = 0;
    int temporalId = 0;
    int next;
    do {
      if (++templateCount > MAX_TEMPLATES) {
        return false;
      }
      next = bits.read(2);
      if (next == 1) {
        temporalId++;
      } else if (next == 2) {
        temporalId = 0;
        spatialId++;
      }
      if (spatialId > MAX_SPATIAL_ID || temporalId > MAX_TEMPORAL_ID) {
        return false;
      }
    } while (next != 3 && !bits.overrun());
    maxSpatialId = spatialId;
    return !bits.overrun();
  }

  private boolean scanFdiffs(BitReader bits) {
    fdiffTotal = 0;
    for (int template = 0; template < templateCount; template++) {
      int count = 0;
      while (bits.flag()) {
        bits.read(4);
        if (++count > DependencyDescriptor.MAX_FDIFFS) {
          return false;
        }
      }
      fdiffTotal += count;
    }
    return !bits.overrun();
  }

  private boolean scanChains(BitReader bits) {
    chainCount = bits.readNonSymmetric(decodeTargetCount + 1);
    if (chainCount == 0) {
      return !bits.overrun();
    }
    for (int target = 0; target < decodeTargetCount; target++) {
      bits.readNonSymmetric(chainCount);
    }
    return skip(bits, 4 * templateCount * chainCount);
  }

  private static boolean skip(BitReader bits, int count) {
    int left = count;
    while (left > 0 && !bits.overrun()) {
      int taken = Math.min(Integer.SIZE, left);
      bits.read(taken);
      left -= taken;
    }
    return !bits.overrun();
  }
}
