package dev.sotto.media.selection;

import static dev.sotto.media.dd.DecodeTargetIndication.NOT_PRESENT;
import static dev.sotto.media.dd.DecodeTargetIndication.SWITCH;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dd.TemplateDependencyStructure;

/**
 * Chooses the frames of one encoding for one receiver: those of a decode target, which it changes
 * only where the receiver can follow (A.7), and of those only what refers to frames that the
 * receiver was given. Watches the target's chain (A.6): a missing frame of it has some time to come
 * late, then nothing but a new beginning helps.
 */
final class LayerSelector {
  /**
   * For a lost frame of the chain to be asked for again and to come: two attempts at a round trip
   * of 200 ms. A key frame asked for later would leave a freeze of more than a second.
   */
  static final long CHAIN_REPAIR_NANOS = 500_000_000L;

  private static final long NONE = -1;

  private final FrameLedger frames = new FrameLedger();
  private TemplateDependencyStructure structure;
  private int decodeTarget;
  private long firstFrame;

  /** Nothing between these two frames goes out: the chain was lost, and begins again. */
  private long brokenAfter = Long.MAX_VALUE;

  private long renewedAt;
  private long awaited = NONE;
  private long awaitedSinceNanos;

  private int pictureTimestamp;
  private boolean pictureWhole;
  private boolean pictureSent;
  private boolean pictureMarked;
  private int wantedSpatialId;

  LayerSelector(TemplateDependencyStructure none) {
    structure = none;
  }

  int decodeTarget() {
    return decodeTarget;
  }

  TemplateDependencyStructure structure() {
    return structure;
  }

  boolean hasDecided(long frame) {
    return frames.state(frame) != FrameLedger.UNSEEN;
  }

  long newestFrame() {
    return frames.newest();
  }

  /**
   * The decode target at which a receiver can begin with this frame if it is of a key picture, or
   * -1: it is an independent one, and a switch point for what is wanted.
   */
  static int beginning(DependencyDescriptor descriptor, int spatialId, int temporalId) {
    if (descriptor.fdiffCount() > 0) {
      return -1;
    }
    int target =
        descriptor.structure().bestTarget(spatialId, temporalId, descriptor.activeDecodeTargets());
    return target >= 0 && descriptor.dti(target) == SWITCH ? target : -1;
  }

  /** Begins with a frame; the ledger goes on where the encoding is the same one. */
  void begin(DependencyDescriptor descriptor, int target, int timestamp, boolean sameFrames) {
    if (!sameFrames) {
      frames.clear();
      brokenAfter = Long.MAX_VALUE;
    }
    renewedAt = Math.min(renewedAt, descriptor.frame());
    structure = descriptor.structure();
    decodeTarget = target;
    firstFrame = descriptor.frame();
    awaited = NONE;
    pictureTimestamp = timestamp;
    pictureSent = false;
    pictureMarked = false;
    pictureWhole = true;
    wantedSpatialId = structure.decodeTargetSpatialId(target);
  }

  /**
   * Each packet in order is of the picture that is being sent, or of the next. What is missing
   * before it could be of its picture.
   */
  void enterPicture(int timestamp, boolean contiguous) {
    if (timestamp != pictureTimestamp) {
      pictureTimestamp = timestamp;
      pictureSent = false;
      pictureMarked = false;
      pictureWhole = true;
    }
    pictureWhole &= contiguous;
  }

  /** Of the first packet of the newest frame: moves to another decode target if it can. */
  void move(DependencyDescriptor descriptor, int spatialId, int temporalId) {
    if (!pictureWhole && !descriptor.hasStructure()) {
      // A frame of the picture that comes late is still the old target's.
      return;
    }
    int active = descriptor.activeDecodeTargets();
    int wanted = structure.bestTarget(spatialId, temporalId, active);
    if (wanted < 0) {
      return;
    }
    wantedSpatialId = structure.decodeTargetSpatialId(wanted);
    if (wanted == decodeTarget || moveTo(descriptor, wanted)) {
      return;
    }
    // The spatial layer has to wait; the temporal one need not.
    int spatial = structure.decodeTargetSpatialId(decodeTarget);
    int meanwhile = structure.bestTarget(spatial, temporalId, active);
    if (structure.decodeTargetSpatialId(meanwhile) == spatial) {
      moveTo(descriptor, meanwhile);
    }
  }

  private boolean moveTo(DependencyDescriptor descriptor, int wanted) {
    boolean follows =
        canFollow(descriptor, wanted)
            && (!pictureSent
                || endsPictureLower(descriptor, wanted)
                || hasPictureInBoth(descriptor, wanted));
    if (follows) {
      follow(wanted);
    }
    return follows;
  }

  private void follow(int wanted) {
    if (structure.protectedBy(wanted) != structure.protectedBy(decodeTarget)) {
      awaited = NONE;
    }
    decodeTarget = wanted;
  }

  /** A.7, with what this receiver has been given. */
  private boolean canFollow(DependencyDescriptor descriptor, int wanted) {
    if (((structure.subTargets(decodeTarget) >>> wanted) & 1) == 1) {
      return true;
    }
    if (descriptor.fdiffCount() > 0 && (isBroken() || awaited != NONE)) {
      return false;
    }
    boolean present = descriptor.dti(wanted) != NOT_PRESENT;
    if (present && !refersToForwardedOnly(descriptor)) {
      return false;
    }
    // An intact chain promises the frames of T0 only, and those of other temporal layers after.
    boolean fromHere =
        descriptor.temporalId() == 0
            && structure.decodeTargetTemporalId(wanted)
                <= structure.decodeTargetTemporalId(decodeTarget);
    return descriptor.dti(wanted) == SWITCH
        || (fromHere && chainIsIntact(descriptor, structure.protectedBy(wanted)));
  }

  private boolean refersToForwardedOnly(DependencyDescriptor descriptor) {
    for (int i = 0; i < descriptor.fdiffCount(); i++) {
      long referred = descriptor.frame() - descriptor.fdiff(i);
      if (referred < firstFrame || frames.state(referred) != FrameLedger.FORWARDED) {
        return false;
      }
    }
    return true;
  }

  private boolean chainIsIntact(DependencyDescriptor descriptor, int chain) {
    if (chain < 0) {
      return false;
    }
    int diff = descriptor.chainDiff(chain);
    return diff == 0
        ? descriptor.fdiffCount() == 0
        : frames.isForwardedWithChain(descriptor.frame() - diff, chain);
  }

  /** Within a picture only down, before the frame that would then have to be marked as its last. */
  private boolean endsPictureLower(DependencyDescriptor descriptor, int wanted) {
    int spatialId = structure.decodeTargetSpatialId(wanted);
    return !pictureMarked
        && spatialId < structure.decodeTargetSpatialId(decodeTarget)
        && descriptor.spatialId() <= spatialId
        && descriptor.dti(wanted) != NOT_PRESENT;
  }

  /**
   * Where only the temporal layer changes, and the picture is of a layer that both targets have,
   * all of it that has been sent is as it would have been. The switch points of upper spatial
   * layers are not at the first frame of a picture.
   */
  private boolean hasPictureInBoth(DependencyDescriptor descriptor, int wanted) {
    return !pictureMarked
        && structure.decodeTargetSpatialId(wanted) == structure.decodeTargetSpatialId(decodeTarget)
        && descriptor.dti(wanted) != NOT_PRESENT
        && descriptor.dti(decodeTarget) != NOT_PRESENT;
  }

  /** Whether a packet goes on; the first packet of a frame that is seen decides for all. */
  Verdict accept(
      DependencyDescriptor descriptor, int target, boolean late, long packetIndex, long nowNanos) {
    long frame = descriptor.frame();
    switch (frames.state(frame)) {
      case FrameLedger.FORGOTTEN -> {
        return Verdict.TOO_LATE;
      }
      case FrameLedger.DROPPED -> {
        return Verdict.NOT_SELECTED;
      }
      case FrameLedger.UNSEEN -> {
        int intactChains = intactChains(descriptor, target);
        Verdict verdict = decide(descriptor, target, late, nowNanos);
        frames.decide(frame, verdict == Verdict.FORWARD, intactChains);
        if (verdict != Verdict.FORWARD) {
          return verdict;
        }
      }
      default -> {}
    }
    frames.count(frame, packetIndex, descriptor.startOfFrame(), descriptor.endOfFrame());
    if (frame == awaited && frames.isWhole(frame)) {
      awaited = frames.nextAwaited(frame);
      awaitedSinceNanos = nowNanos;
    }
    if (!late) {
      pictureSent = true;
    }
    return Verdict.FORWARD;
  }

  private int intactChains(DependencyDescriptor descriptor, int target) {
    int own = descriptor.structure().protectedBy(target);
    int intact = 0;
    for (int chain = 0; chain < descriptor.structure().chainCount(); chain++) {
      // The target's own chain is taken for intact until it has been given up.
      if (chain == own || chainIsIntact(descriptor, chain)) {
        intact |= 1 << chain;
      }
    }
    return intact;
  }

  private Verdict decide(DependencyDescriptor descriptor, int target, boolean late, long nowNanos) {
    if (descriptor.dti(target) == NOT_PRESENT) {
      return Verdict.NOT_SELECTED;
    }
    if (descriptor.fdiffCount() == 0 && !late) {
      if (descriptor.dti(target) == SWITCH) {
        renewedAt = Math.min(renewedAt, descriptor.frame());
        awaited = NONE;
      }
      return Verdict.FORWARD;
    }
    if (!late) {
      watchChain(descriptor, target, nowNanos);
    }
    if (descriptor.frame() > brokenAfter && descriptor.frame() < renewedAt) {
      return Verdict.WAITING;
    }
    for (int i = 0; i < descriptor.fdiffCount(); i++) {
      long referred = descriptor.frame() - descriptor.fdiff(i);
      if ((referred < firstFrame && !late) || frames.state(referred) == FrameLedger.DROPPED) {
        if (!late && isLeanedOn(descriptor, target)) {
          giveUp();
        }
        return Verdict.UNDECODABLE;
      }
    }
    return Verdict.FORWARD;
  }

  /** Whether a frame is one of those without which nothing of the target goes on. */
  static boolean isLeanedOn(DependencyDescriptor descriptor, int target) {
    int chain = descriptor.structure().protectedBy(target);
    return chain < 0 ? descriptor.temporalId() == 0 : descriptor.isPartOfChain(chain);
  }

  private void watchChain(DependencyDescriptor descriptor, int target, long nowNanos) {
    giveUpAfterTime(nowNanos);
    int chain = structure.protectedBy(target);
    if (chain < 0) {
      for (int i = 0; i < descriptor.fdiffCount() && descriptor.temporalId() == 0; i++) {
        await(descriptor.frame() - descriptor.fdiff(i), nowNanos);
      }
    } else if (descriptor.chainDiff(chain) > 0) {
      await(descriptor.frame() - descriptor.chainDiff(chain), nowNanos);
    }
  }

  private void await(long frame, long nowNanos) {
    int state = frames.state(frame);
    boolean missing =
        state == FrameLedger.UNSEEN || (state == FrameLedger.FORWARDED && !frames.isWhole(frame));
    if (frame < firstFrame || !missing) {
      return;
    }
    frames.await(frame);
    if (awaited == NONE) {
      awaited = frame;
      awaitedSinceNanos = nowNanos;
    }
  }

  private void giveUpAfterTime(long nowNanos) {
    if (awaited != NONE && nowNanos - awaitedSinceNanos > CHAIN_REPAIR_NANOS) {
      giveUp();
    }
  }

  private boolean isBroken() {
    return renewedAt == Long.MAX_VALUE;
  }

  private void giveUp() {
    if (!isBroken()) {
      brokenAfter = frames.newest();
      renewedAt = Long.MAX_VALUE;
    }
    awaited = NONE;
  }

  /** The marker of a packet that is forwarded: on the last one of the picture for this receiver. */
  boolean marks(DependencyDescriptor descriptor, int target, boolean marker, boolean late) {
    boolean last =
        marker
            || (descriptor.endOfFrame()
                && descriptor.spatialId() == descriptor.structure().decodeTargetSpatialId(target));
    pictureMarked |= last && !late;
    return last;
  }

  /** Whether only a key frame helps: the chain is lost, or another spatial layer is wanted. */
  boolean wantsKeyFrame(long nowNanos) {
    giveUpAfterTime(nowNanos);
    return isBroken() || wantedSpatialId != structure.decodeTargetSpatialId(decodeTarget);
  }
}
