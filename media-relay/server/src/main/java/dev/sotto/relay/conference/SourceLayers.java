package dev.sotto.relay.conference;

import dev.sotto.media.allocation.Layer;
import dev.sotto.media.dd.TemplateDependencyStructure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one video source can be forwarded as, with measured rates: its encodings, and within them
 * the spatial and temporal layers that its descriptors tell of. Rates count headers, as the path
 * does. A layer's number is its place in {@link #layers}.
 */
final class SourceLayers {
  /**
   * A key picture has several times the bytes of others. Counted whole it would make a source that
   * begins, or is asked for many, look dearer than it is: too dear for a path that is new as well.
   */
  static final int KEY_PICTURE_SIZE = 4;

  private static final int MOST_SPATIAL = 4;
  private static final int MOST_TEMPORAL = 4;
  private static final int PER_ENCODING = MOST_SPATIAL * MOST_TEMPORAL;

  private static final long INTERVAL_NANOS = 500_000_000L;

  /** A source that begins is not to wait for a whole interval. */
  private static final long FIRST_INTERVAL_NANOS = 100_000_000L;

  /** Without a packet for so long a layer is not sent. Two key-less seconds of 1 fps screens. */
  private static final long SILENCE_NANOS = 2_500_000_000L;

  /** The same for one encoding while others come: its sender has stopped it, and nobody waits. */
  private static final long ENCODING_SILENCE_NANOS = 600_000_000L;

  /** Weight of the newest interval: a key frame is not to count as the rate. */
  private static final double NEWEST = 0.4;

  private static final double FULL_FPS = 30;

  /** Sizes of encodings without a word on theirs, the greatest last. */
  private static final int LARGEST_HEIGHT = 720;

  private final int encodings;
  private final boolean isScreen;
  private final long[] bytes;
  private final double[] rates;
  private final long[] lastNanos;
  private final int[] spatialCount;
  private final int[] temporalCount;
  private final int[] heights;

  private List<Layer> layers = List.of();
  private int[] places = new int[0];
  private boolean active;
  private long measuredNanos;
  private long dueNanos;

  SourceLayers(int encodings, boolean isScreen) {
    this.encodings = encodings;
    this.isScreen = isScreen;
    bytes = new long[encodings * PER_ENCODING];
    rates = new double[encodings * PER_ENCODING];
    lastNanos = new long[encodings * PER_ENCODING];
    spatialCount = new int[encodings];
    temporalCount = new int[encodings];
    heights = new int[encodings * MOST_SPATIAL];
    Arrays.fill(spatialCount, 1);
    Arrays.fill(temporalCount, 1);
  }

  /**
   * Counts a packet.
   *
   * @return whether it is time to {@link #measure}
   */
  boolean count(int encoding, int spatialId, int temporalId, int length, long nowNanos) {
    int spatial = Math.min(spatialId, MOST_SPATIAL - 1);
    int temporal = Math.min(temporalId, MOST_TEMPORAL - 1);
    spatialCount[encoding] = Math.max(spatialCount[encoding], spatial + 1);
    temporalCount[encoding] = Math.max(temporalCount[encoding], temporal + 1);
    int cell = cell(encoding, spatial, temporal);
    bytes[cell] += length;
    lastNanos[cell] = nowNanos;
    if (!active) {
      active = true;
      measuredNanos = nowNanos;
      dueNanos = nowNanos + FIRST_INTERVAL_NANOS;
    }
    return nowNanos - dueNanos >= 0;
  }

  /** Takes sizes from a structure. */
  void onStructure(int encoding, TemplateDependencyStructure structure) {
    if (!structure.hasResolutions()) {
      return;
    }
    int highest = 0;
    for (int target = 0; target < structure.decodeTargetCount(); target++) {
      highest = Math.max(highest, structure.decodeTargetSpatialId(target));
    }
    for (int spatial = 0; spatial <= Math.min(highest, MOST_SPATIAL - 1); spatial++) {
      heights[encoding * MOST_SPATIAL + spatial] = structure.height(spatial);
    }
  }

  private static int cell(int encoding, int spatial, int temporal) {
    return encoding * PER_ENCODING + spatial * MOST_TEMPORAL + temporal;
  }

  /**
   * Takes stock; to be called when {@link #count} says so, and now and then for what has stopped.
   *
   * @return whether layers have come or gone
   */
  boolean measure(long nowNanos) {
    long interval = nowNanos - measuredNanos;
    if (!active || interval < FIRST_INTERVAL_NANOS / 2) {
      return false;
    }
    measuredNanos = nowNanos;
    dueNanos = nowNanos + INTERVAL_NANOS;
    boolean any = false;
    for (int cell = 0; cell < bytes.length; cell++) {
      if (nowNanos - lastNanos[cell] >= patienceNanos(cell)
          || (bytes[cell] == 0 && rates[cell] == 0)) {
        rates[cell] = 0;
      } else {
        double rate = bytes[cell] * 8e9 / interval;
        rates[cell] = rates[cell] == 0 ? rate : rates[cell] * (1 - NEWEST) + rate * NEWEST;
        any = true;
      }
      bytes[cell] = 0;
    }
    active = any;
    return list();
  }

  /**
   * Cameras send each encoding with every picture; a screen may be still in one and not another.
   */
  private long patienceNanos(int cell) {
    if (isScreen || encodings == 1) {
      return SILENCE_NANOS;
    }
    int first = cell / PER_ENCODING * PER_ENCODING;
    long own = lastNanos[cell];
    for (int i = first; i < first + PER_ENCODING; i++) {
      own = bytes[i] + rates[i] > 0 ? Math.max(own, lastNanos[i]) : own;
    }
    long newest = own;
    for (int i = 0; i < lastNanos.length; i++) {
      newest = bytes[i] + rates[i] > 0 ? Math.max(newest, lastNanos[i]) : newest;
    }
    return newest - own >= ENCODING_SILENCE_NANOS ? 0 : SILENCE_NANOS;
  }

  private boolean list() {
    List<Layer> listed = new ArrayList<>();
    int[] newPlaces = new int[encodings * PER_ENCODING];
    int count = 0;
    for (int encoding = 0; encoding < encodings; encoding++) {
      for (int spatial = 0; spatial < spatialCount[encoding]; spatial++) {
        for (int temporal = 0; temporal < temporalCount[encoding]; temporal++) {
          newPlaces[count++] = cell(encoding, spatial, temporal);
          listed.add(
              new Layer(
                  cumulative(encoding, spatial, temporal),
                  height(encoding, spatial),
                  FULL_FPS / (1 << (temporalCount[encoding] - 1 - temporal))));
        }
      }
    }
    boolean changed = listed.size() != layers.size();
    for (int i = 0; i < listed.size() && !changed; i++) {
      changed =
          (listed.get(i).bitrateBps() == 0) != (layers.get(i).bitrateBps() == 0)
              || listed.get(i).height() != layers.get(i).height();
    }
    layers = List.copyOf(listed);
    places = Arrays.copyOf(newPlaces, count);
    return changed;
  }

  /** With what it depends on; 0 when its own packets do not come. */
  private long cumulative(int encoding, int spatial, int temporal) {
    if (rates[cell(encoding, spatial, temporal)] == 0) {
      return 0;
    }
    double sum = 0;
    for (int s = 0; s <= spatial; s++) {
      for (int t = 0; t <= temporal; t++) {
        sum += rates[cell(encoding, s, t)];
      }
    }
    return (long) Math.ceil(sum);
  }

  private int height(int encoding, int spatial) {
    int told = heights[encoding * MOST_SPATIAL + spatial];
    if (told > 0) {
      return told;
    }
    // A screen is never scaled down by a guess: its lowest layer is what people read.
    int below = (encodings - 1 - encoding) + (spatialCount[encoding] - 1 - spatial);
    return isScreen ? 1 : LARGEST_HEIGHT >> below;
  }

  /** In rising order of quality and cost, as measured last. */
  List<Layer> layers() {
    return layers;
  }

  boolean isActive() {
    return active;
  }

  /** What the source sends, all of it together. */
  long bitrateBps() {
    double sum = 0;
    for (double rate : rates) {
      sum += rate;
    }
    return (long) sum;
  }

  int encodingOf(int layer) {
    return places[layer] / PER_ENCODING;
  }

  int spatialIdOf(int layer) {
    return places[layer] % PER_ENCODING / MOST_TEMPORAL;
  }

  int temporalIdOf(int layer) {
    return places[layer] % MOST_TEMPORAL;
  }
}
