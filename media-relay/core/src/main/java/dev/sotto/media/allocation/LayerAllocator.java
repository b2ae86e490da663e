package dev.sotto.media.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Shares out the target rate of one receiver. Screens and pinned sources get the best layer that
 * fits, then the dominant speaker, then every other source its lowest layer in order of who spoke
 * last, then upgrades, the sources shown largest first and by turns among those of one size.
 *
 * <p>An upgrade must leave a tenth of the target free and waits a while after the source was last
 * lowered; a layer held already may exceed the target a little: rates that swing do not make
 * pictures flap. The most important source keeps its lowest layer through a dip. The same calls
 * give the same answers. Owned by one event loop.
 */
public final class LayerAllocator {
  /** Part of the target that upgrades may fill. */
  private static final double RAISE_PART = 0.9;

  /** Part of the target up to which layers held already are kept: encoders are not exact. */
  private static final double KEEP_PART = 1.05;

  /** A source that was lowered is not raised sooner: a switch costs a key frame. */
  private static final long HOLD_NANOS = 4_000_000_000L;

  /**
   * How long the most important source keeps its lowest layer when nothing fits. After a narrowing,
   * congestion control stays far below the path until the queue is gone, 3 s at most, and a picture
   * that stops meanwhile is what people notice.
   */
  private static final long DIP_NANOS = 5_000_000_000L;

  private static final long NEVER = Long.MIN_VALUE;

  private static final Comparator<VideoSource> BY_IMPORTANCE =
      Comparator.comparing((VideoSource source) -> !source.isPreferred())
          .thenComparing(source -> !source.pinned())
          .thenComparingInt(VideoSource::speakerRank)
          .thenComparingInt(VideoSource::id);

  /** What is remembered of a source from run to run. */
  private record Held(int layer, long loweredNanos, long lackingNanos) {}

  private static final Held NOTHING = new Held(Grant.NO_LAYER, NEVER, NEVER);

  /** A source in one run: the layers it may have, and the one it has so far. */
  private static final class Candidate {
    final VideoSource source;
    final int[] usable;
    final Held held;
    final boolean isFirst;
    int chosen = -1;

    /** Since when its lowest layer has not fitted. */
    long lackingNanos = NEVER;

    Candidate(VideoSource source, int[] usable, Held held, boolean isFirst) {
      this.source = source;
      this.usable = usable;
      this.held = held;
      this.isFirst = isFirst;
    }

    boolean hasNext() {
      return chosen + 1 < usable.length;
    }

    int nextLayer() {
      return usable[chosen + 1];
    }

    long nextCostBps() {
      return bitrate(nextLayer()) - (chosen < 0 ? 0 : bitrate(usable[chosen]));
    }

    int layer() {
      return chosen < 0 ? Grant.NO_LAYER : usable[chosen];
    }

    int bestLayer() {
      return usable[usable.length - 1];
    }

    long bestBps() {
      return bitrate(bestLayer());
    }

    private long bitrate(int layer) {
      return source.layers().get(layer).bitrateBps();
    }
  }

  private Map<Integer, Held> held = new HashMap<>();
  private long budgetBps;
  private long usedBps;
  private long nowNanos;

  /**
   * Allocates anew.
   *
   * @param targetBps what congestion control allows
   * @param sources all that the receiver is subscribed to, ids distinct
   */
  public Allocation allocate(
      long targetBps, List<VideoSource> sources, AllocationLimits limits, long now) {
    budgetBps = Math.max(0, targetBps - limits.reservedBps());
    usedBps = 0;
    nowNanos = now;
    List<VideoSource> ordered = sources.stream().sorted(BY_IMPORTANCE).toList();
    List<Grant> grants = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    for (VideoSource source : ordered) {
      int[] usable = usableLayers(source);
      boolean full = limits.lastN() >= 0 && candidates.size() >= limits.lastN();
      Outcome outcome = outcome(source, usable.length > 0, full);
      if (outcome == Outcome.FORWARDED) {
        Held before = held.getOrDefault(source.id(), NOTHING);
        candidates.add(new Candidate(source, usable, before, candidates.isEmpty()));
      }
      grants.add(new Grant(source.id(), outcome, Grant.NO_LAYER));
    }
    shareOut(candidates);
    return conclude(grants, candidates, limits);
  }

  /** Whether a source takes part; one that does may still be suspended. */
  private static Outcome outcome(VideoSource source, boolean available, boolean full) {
    if (source.maxHeight() <= 0) {
      return Outcome.NOT_WANTED;
    }
    if (source.muted() || !available) {
      return Outcome.NOT_SENT;
    }
    return full ? Outcome.BEYOND_LAST_N : Outcome.FORWARDED;
  }

  /** Layers that are sent and not higher than wanted; the lowest height if all are higher. */
  private static int[] usableLayers(VideoSource source) {
    int lowest = Integer.MAX_VALUE;
    for (Layer layer : source.layers()) {
      if (layer.bitrateBps() > 0) {
        lowest = Math.min(lowest, layer.height());
      }
    }
    int highest = Math.max(lowest, source.maxHeight());
    int[] usable = new int[source.layers().size()];
    int count = 0;
    for (int i = 0; i < usable.length; i++) {
      Layer layer = source.layers().get(i);
      if (layer.bitrateBps() > 0 && layer.height() <= highest) {
        usable[count++] = i;
      }
    }
    return Arrays.copyOf(usable, count);
  }

  private void shareOut(List<Candidate> candidates) {
    List<Candidate> preferred =
        candidates.stream().filter(candidate -> candidate.source.isPreferred()).toList();
    List<Candidate> others =
        candidates.stream().filter(candidate -> !candidate.source.isPreferred()).toList();
    candidates.stream().limit(1).forEach(this::begin);
    preferred.forEach(candidate -> {
      if (!candidate.isFirst) {
        raise(candidate);
      }
    });
    preferred.forEach(this::raiseFully);
    if (!others.isEmpty()) {
      raiseFully(others.getFirst());
    }
    others.stream().skip(1).forEach(this::raise);
    others.stream()
        .mapToInt(candidate -> candidate.source.maxHeight())
        .distinct()
        .boxed()
        .sorted(Comparator.reverseOrder())
        .forEach(height -> raiseByTurns(others, height));
  }

  /** The most important one, which keeps what it has through a dip. */
  private void begin(Candidate first) {
    if (raise(first) || first.held.layer() == Grant.NO_LAYER) {
      return;
    }
    long lacking = first.held.lackingNanos();
    first.lackingNanos = lacking == NEVER ? nowNanos : lacking;
    if (nowNanos - first.lackingNanos < DIP_NANOS) {
      usedBps += first.nextCostBps();
      first.chosen++;
    }
  }

  private void raiseByTurns(List<Candidate> candidates, int height) {
    boolean raised = true;
    while (raised) {
      raised = false;
      for (Candidate candidate : candidates) {
        // Who did not get a lowest layer must not take it before those more important get theirs.
        if (candidate.source.maxHeight() == height && candidate.chosen >= 0) {
          raised |= raise(candidate);
        }
      }
    }
  }

  private void raiseFully(Candidate candidate) {
    while (raise(candidate)) {
      // one layer at a time
    }
  }

  /** Gives a source its next layer if that fits. */
  private boolean raise(Candidate candidate) {
    if (!candidate.hasNext()) {
      return false;
    }
    boolean isKept = candidate.nextLayer() <= candidate.held.layer();
    // To see something of the most important one is worth a key frame at any time.
    boolean begins = candidate.isFirst && candidate.chosen < 0;
    if (!isKept && !begins && isHeldDown(candidate)) {
      return false;
    }
    long cost = candidate.nextCostBps();
    if (usedBps + cost > budgetBps * (isKept ? KEEP_PART : RAISE_PART)) {
      return false;
    }
    usedBps += cost;
    candidate.chosen++;
    return true;
  }

  private boolean isHeldDown(Candidate candidate) {
    long lowered = candidate.held.loweredNanos();
    return lowered != NEVER && nowNanos - lowered < HOLD_NANOS;
  }

  private Allocation conclude(
      List<Grant> grants, List<Candidate> candidates, AllocationLimits limits) {
    Map<Integer, Held> kept = new HashMap<>();
    Map<Integer, Grant> granted = new HashMap<>();
    long ideal = 0;
    long nextStep = Long.MAX_VALUE;
    for (Candidate candidate : candidates) {
      int id = candidate.source.id();
      int layer = candidate.layer();
      // A layer that is no longer wanted or sent was not lost to bandwidth.
      boolean lowered = layer < Math.min(candidate.held.layer(), candidate.bestLayer());
      long loweredNanos = lowered ? nowNanos : candidate.held.loweredNanos();
      kept.put(id, new Held(layer, loweredNanos, candidate.lackingNanos));
      granted.put(id, new Grant(id, outcomeOf(layer), layer));
      ideal += candidate.bestBps();
      if (candidate.hasNext()) {
        nextStep = Math.min(nextStep, usedBps + candidate.nextCostBps());
      }
    }
    held = kept;
    long idealTarget = targetFor(ideal, limits);
    return new Allocation(
        grants.stream().map(grant -> granted.getOrDefault(grant.sourceId(), grant)).toList(),
        usedBps,
        idealTarget,
        nextStep == Long.MAX_VALUE ? idealTarget : targetFor(nextStep, limits));
  }

  private static Outcome outcomeOf(int layer) {
    return layer == Grant.NO_LAYER ? Outcome.SUSPENDED : Outcome.FORWARDED;
  }

  /** The target at which layers of such a sum are granted to sources that had less. */
  private static long targetFor(long bps, AllocationLimits limits) {
    return (long) Math.ceil(bps / RAISE_PART) + limits.reservedBps();
  }
}
