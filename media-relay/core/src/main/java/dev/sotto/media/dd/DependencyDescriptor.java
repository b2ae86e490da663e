package dev.sotto.media.dd;

import java.lang.foreign.MemorySegment;

/**
 * The Dependency Descriptor of one packet (A.8.2): read by a {@link DependencyDescriptorReader}
 * into the same object again and again, together with what its template says. Refers to the
 * packet's own bytes, which must stay until it has been rewritten. Only a usable one has values.
 */
public final class DependencyDescriptor {
  /** Bytes of the descriptor of most packets. */
  public static final int MANDATORY_BYTES = 3;

  /**
   * Frames that one frame may refer to. An AV1 frame has seven references, so more than some times
   * that is no encoder's.
   */
  public static final int MAX_FDIFFS = 32;

  /** Decode targets, and with them chains, that a structure can have (dt_cnt_minus_one). */
  public static final int MAX_DECODE_TARGETS = 32;

  MemorySegment segment = MemorySegment.NULL;
  long offset;
  int length;
  boolean usable;
  boolean absent = true;
  boolean startOfFrame;
  boolean endOfFrame;
  int templateId;
  int template;
  long frame;
  boolean hasStructure;
  boolean hasActiveDecodeTargets;
  int activeDecodeTargets;
  TemplateDependencyStructure structure = TemplateDependencyStructure.NONE;
  boolean customFdiffs;
  boolean customChains;
  long dtis;
  int fdiffCount;
  final int[] fdiffs = new int[MAX_FDIFFS];
  final int[] chainDiffs = new int[MAX_DECODE_TARGETS];

  /** Where the custom fields begin and end, in bits. */
  int customStart;

  int customEnd;

  /** Bits of the five flags, of a descriptor that has them. */
  int customFlags;

  /** For a packet that carries no descriptor. */
  public void clear() {
    usable = false;
    absent = true;
  }

  /** Whether the packet had a descriptor that could be read; nothing else has a value if not. */
  public boolean isUsable() {
    return usable;
  }

  /** Whether the packet had none at all, which is no error. */
  public boolean isAbsent() {
    return absent;
  }

  public boolean startOfFrame() {
    return startOfFrame;
  }

  public boolean endOfFrame() {
    return endOfFrame;
  }

  /** frame_dependency_template_id, 0..63. */
  public int templateId() {
    return templateId;
  }

  /** frame_number, 0..65535. */
  public int frameNumber() {
    return (int) frame & 0xffff;
  }

  /** The frame number counted on beyond 16 bits, the same for all packets of the frame. */
  public long frame() {
    return frame;
  }

  /** Whether this packet carries the structure: it begins a coded video sequence. */
  public boolean hasStructure() {
    return hasStructure;
  }

  /** The structure that the packet's template id belongs to. */
  public TemplateDependencyStructure structure() {
    return structure;
  }

  /** Whether this packet carries the bit mask of active decode targets. */
  public boolean hasActiveDecodeTargets() {
    return hasActiveDecodeTargets;
  }

  /** The decode targets that the sender produces at present, a bit each, the first lowest. */
  public int activeDecodeTargets() {
    return activeDecodeTargets;
  }

  public int spatialId() {
    return structure.spatialId(template);
  }

  public int temporalId() {
    return structure.temporalId(template);
  }

  /** One of {@link DecodeTargetIndication}. */
  public int dti(int decodeTarget) {
    return (int) (dtis >>> (2 * decodeTarget)) & 3;
  }

  /** How many frames the frame refers to; none makes it independent. */
  public int fdiffCount() {
    return fdiffCount;
  }

  /** How many frame numbers before its own the frame referred to has; 1..4096. */
  public int fdiff(int index) {
    return customFdiffs ? fdiffs[index] : structure.fdiff(template, index);
  }

  /** How many frame numbers before the chain's last frame is; 0 where the chain begins. */
  public int chainDiff(int chain) {
    return customChains ? chainDiffs[chain] : structure.chainDiff(template, chain);
  }

  /**
   * Whether the frame belongs to the chain (A.6): every decode target that the chain protects needs
   * it.
   */
  public boolean isPartOfChain(int chain) {
    for (int target = 0; target < structure.decodeTargetCount(); target++) {
      if (structure.protectedBy(target) == chain
          && dti(target) <= DecodeTargetIndication.DISCARDABLE) {
        return false;
      }
    }
    return true;
  }
}
