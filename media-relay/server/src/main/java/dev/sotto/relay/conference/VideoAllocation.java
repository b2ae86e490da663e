package dev.sotto.relay.conference;

import dev.sotto.media.allocation.Allocation;
import dev.sotto.media.allocation.AllocationLimits;
import dev.sotto.media.allocation.Grant;
import dev.sotto.media.allocation.LayerAllocator;
import dev.sotto.media.allocation.Outcome;
import dev.sotto.media.allocation.VideoSource;
import dev.sotto.relay.control.ReceiverConstraints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides a few times a second which video sources one receiver gets, at which layer, and in which
 * slot each is. A source stays in its slot while it is forwarded, so that pictures do not wander.
 */
final class VideoAllocation {
  /** Of the target, for those who may be heard at a time: Opus with its headers. */
  private static final long AUDIO_BPS = 50_000;

  /** Without a wish on heights every one is wanted. */
  private static final int ANY_HEIGHT = Integer.MAX_VALUE;

  private final Endpoint owner;
  private final OutgoingMedia receiver;
  private final LayerAllocator allocator = new LayerAllocator();

  VideoAllocation(Endpoint owner, OutgoingMedia receiver) {
    this.owner = owner;
    this.receiver = receiver;
  }

  /**
   * Allocates anew.
   *
   * @return the rate at which everything wanted would be forwarded, in bits a second
   */
  long run(long nowNanos) {
    Conference conference = owner.conference();
    if (conference.videoSources().isEmpty()) {
      return 0;
    }
    ReceiverConstraints wanted = owner.constraints();
    Map<Integer, MediaSource> byKey = new HashMap<>();
    List<VideoSource> offered = new ArrayList<>();
    for (MediaSource source : conference.videoSources()) {
      if (!source.owner().equals(owner)) {
        byKey.put(source.key(), source);
        offered.add(offer(source, wanted));
      }
    }
    int lastN = wanted.videoLastN().orElse(AllocationLimits.ANY_NUMBER);
    if (!receiver.isBySource()) {
      int slots = receiver.video().size();
      lastN = lastN < 0 ? slots : Math.min(lastN, slots);
    }
    long reserved = AUDIO_BPS * conference.audibleTo(owner);
    Allocation allocation =
        allocator.allocate(
            receiver.targetRateBps(), offered, new AllocationLimits(lastN, reserved), nowNanos);
    apply(allocation, byKey, nowNanos);
    return allocation.idealBps();
  }

  private VideoSource offer(MediaSource source, ReceiverConstraints wanted) {
    int height =
        wanted.maxHeights().getOrDefault(source.id(), wanted.maxHeight().orElse(ANY_HEIGHT));
    return new VideoSource(
        source.key(),
        source.isScreen(),
        wanted.pinned().contains(source.id()),
        owner.conference().speakerRank(source.owner()),
        source.isMuted(),
        height,
        source.layers().layers());
  }

  private void apply(Allocation allocation, Map<Integer, MediaSource> byKey, long nowNanos) {
    List<Grant> forwarded =
        allocation.grants().stream().filter(grant -> grant.outcome() == Outcome.FORWARDED).toList();
    for (SlotStream slot : List.copyOf(receiver.video())) {
      boolean stays =
          slot.occupant()
              .filter(
                  source -> forwarded.stream().anyMatch(grant -> grant.sourceId() == source.key()))
              .isPresent();
      if (!stays && receiver.isBySource()) {
        slot.pause();
      } else if (!stays) {
        slot.vacate();
      }
    }
    for (Grant grant : forwarded) {
      place(byKey.get(grant.sourceId()), grant.layer(), nowNanos);
    }
    owner.announceSlots();
  }

  private void place(MediaSource source, int layer, long nowNanos) {
    SlotStream slot = null;
    for (SlotStream candidate : receiver.video()) {
      if (candidate.isOccupiedBy(source)) {
        slot = candidate;
        break;
      }
      if (slot == null && candidate.occupant().isEmpty()) {
        slot = candidate;
      }
    }
    if (slot == null) {
      return; // its stream is not known yet, or there are fewer slots than there were
    }
    if (!slot.isOccupiedBy(source)) {
      slot.occupy(source);
    }
    SourceLayers layers = source.layers();
    slot.setTarget(layers.encodingOf(layer), layers.spatialIdOf(layer), layers.temporalIdOf(layer));
    slot.askForKeyFrame(nowNanos);
  }
}
