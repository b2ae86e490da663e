package dev.sotto.media.selection;

import dev.sotto.media.dd.DecodeTargetIndication;
import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dd.TemplateDependencyStructure;

/**
 * Takes packets with a descriptor through the choice of layers, and keeps the outgoing stream's
 * stretches in step: frame numbers and template ids go on, the structure goes out where the
 * receiver begins, and what decode targets it can expect is told.
 */
final class LayeredPath {
  private final OutgoingStream stream;
  private final Stretches stretches;
  private final LayerSelector layers;
  private final TemplateIds templateIds = new TemplateIds();
  private final MaskAnnouncement mask = new MaskAnnouncement();

  /** A key picture's structure has not gone out yet: its packet was of another layer. */
  private boolean structureOwed;

  /** Packets that numbers were kept for since a structure has not begun. */
  private int awaitingStart;

  LayeredPath(OutgoingStream stream, TemplateDependencyStructure none) {
    this.stream = stream;
    stretches = stream.stretches;
    layers = new LayerSelector(none);
  }

  /** In the stretch that was just opened for an encoding, its first packet. */
  void begin(
      int place,
      int target,
      DependencyDescriptor descriptor,
      long index,
      int timestamp,
      long nowNanos) {
    if (layers.newestFrame() >= 0) {
      renumberFrames(place, descriptor);
    }
    beginStructure(place, target, descriptor, timestamp, false);
    layers.accept(descriptor, target, false, index, nowNanos);
  }

  /** The next frame number that goes out follows the last; the place has the delta of before. */
  private void renumberFrames(int place, DependencyDescriptor descriptor) {
    stretches.frameNumberDelta[place] += (int) (layers.newestFrame() + 1 - descriptor.frame());
  }

  private void beginStructure(
      int place, int target, DependencyDescriptor descriptor, int timestamp, boolean sameFrames) {
    TemplateDependencyStructure structure = descriptor.structure();
    stretches.structure[place] = structure;
    stretches.templateIdDelta[place] = templateIds.deltaFor(structure);
    layers.begin(descriptor, target, timestamp, sameFrames);
    structureOwed = true;
    awaitingStart = 0;
    mask.restart(structure.allDecodeTargets());
    tellTarget(place, descriptor);
  }

  /**
   * Whether the next packet of the encoding goes out; the limits are those of the encoding.
   * UNREADABLE when it may, but not before the start of its picture has come.
   */
  Verdict choose(
      DependencyDescriptor descriptor,
      boolean contiguous,
      boolean keyPicture,
      int spatialId,
      int temporalId,
      long index,
      int timestamp,
      long nowNanos) {
    layers.enterPicture(timestamp, contiguous);
    boolean framesGoBack = descriptor.hasStructure() && descriptor.frame() <= layers.newestFrame();
    if (descriptor.structure() != layers.structure() || framesGoBack) {
      int target = LayerSelector.beginning(descriptor, spatialId, temporalId);
      if (target < 0 || !descriptor.startOfFrame() || !keyPicture) {
        return awaitStart(descriptor, spatialId, temporalId);
      }
      goOnWithStructure(stream.open(index), target, descriptor, timestamp);
    } else if (descriptor.startOfFrame() && !layers.hasDecided(descriptor.frame())) {
      layers.move(descriptor, spatialId, temporalId);
    }
    if (descriptor.hasStructure()) {
      structureOwed = true;
      mask.restart(descriptor.structure().allDecodeTargets());
    }
    int place = stretches.current();
    if (stretches.decodeTarget[place] != layers.decodeTarget()
        || stretches.activeDecodeTargets[place] != activeTargets(descriptor)) {
      tellTarget(stream.open(index), descriptor);
    }
    return layers.accept(descriptor, layers.decodeTarget(), false, index, nowNanos);
  }

  /** A packet of a structure whose beginning has not come: kept, since that may come late. */
  private Verdict awaitStart(DependencyDescriptor descriptor, int spatialId, int temporalId) {
    if (!isNeeded(descriptor, spatialId, temporalId)) {
      return Verdict.WAITING;
    }
    awaitingStart++;
    return awaitsStart() ? Verdict.UNREADABLE : Verdict.WAITING;
  }

  private static boolean isNeeded(DependencyDescriptor descriptor, int spatialId, int temporalId) {
    int target =
        descriptor.structure().bestTarget(spatialId, temporalId, descriptor.activeDecodeTargets());
    return target >= 0 && descriptor.dti(target) != DecodeTargetIndication.NOT_PRESENT;
  }

  /** Whether all that is needed of a structure that has not begun has been kept. */
  private boolean awaitsStart() {
    return awaitingStart <= OutgoingStream.LONGEST_GAP;
  }

  /**
   * Of a packet that was missing in the stretch at hand: whether it is of a structure that comes
   * after, which it can begin, or which is still to begin.
   */
  boolean isOfNextStructure(DependencyDescriptor descriptor, int spatialId, int temporalId) {
    return descriptor.structure() != layers.structure()
        && descriptor.frame() > layers.newestFrame()
        && awaitsStart()
        && isNeeded(descriptor, spatialId, temporalId);
  }

  /** Whether a packet that was missing in a stretch goes out. */
  boolean chooseLate(int place, DependencyDescriptor descriptor, long index, long nowNanos) {
    return descriptor.structure() == stretches.structure[place]
        && layers.accept(descriptor, stretches.decodeTarget[place], true, index, nowNanos)
            == Verdict.FORWARD;
  }

  /** The encoding goes on with another structure, in a stretch opened for it. */
  void goOnWithStructure(int place, int target, DependencyDescriptor descriptor, int timestamp) {
    boolean sameFrames = descriptor.frame() > layers.newestFrame();
    if (!sameFrames) {
      renumberFrames(place, descriptor);
    }
    beginStructure(place, target, descriptor, timestamp, sameFrames);
  }

  private void tellTarget(int place, DependencyDescriptor descriptor) {
    stretches.decodeTarget[place] = layers.decodeTarget();
    stretches.activeDecodeTargets[place] = activeTargets(descriptor);
    mask.change(stretches.activeDecodeTargets[place]);
  }

  private int activeTargets(DependencyDescriptor descriptor) {
    int within = layers.structure().subTargets(layers.decodeTarget());
    int active = within & descriptor.activeDecodeTargets();
    return active == 0 ? within : active;
  }

  /** How a packet that goes out is written. */
  int flags(
      int place,
      boolean marker,
      boolean late,
      DependencyDescriptor descriptor,
      boolean keyPicture) {
    int target = stretches.decodeTarget[place];
    boolean withStructure =
        descriptor.hasStructure()
            || (structureOwed
                && keyPicture
                && descriptor.startOfFrame()
                && descriptor.fdiffCount() == 0);
    if (withStructure) {
      structureOwed = false;
    }
    boolean notAll =
        stretches.activeDecodeTargets[place] != stretches.structure[place].allDecodeTargets();
    boolean withMask =
        descriptor.hasActiveDecodeTargets()
            || (withStructure && notAll)
            || (!late
                && mask.isDue(descriptor.frame(), LayerSelector.isLeanedOn(descriptor, target)));
    return (layers.marks(descriptor, target, marker, late) ? NumberLedger.MARKER : 0)
        | (withStructure && !descriptor.hasStructure() ? NumberLedger.STRUCTURE : 0)
        | (withMask ? NumberLedger.MASK : 0);
  }

  boolean wantsKeyFrame(long nowNanos) {
    return layers.wantsKeyFrame(nowNanos);
  }

  int spatialId() {
    return layers.structure().decodeTargetSpatialId(layers.decodeTarget());
  }

  int temporalId() {
    return layers.structure().decodeTargetTemporalId(layers.decodeTarget());
  }
}
