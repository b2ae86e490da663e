package dev.sotto.media.selection.testkit;

import dev.sotto.media.dd.testkit.DescriptorText;
import dev.sotto.media.dd.testkit.StructureTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * An encoder of one SSRC that has the structure of a table: pictures with the temporal layers 0 2 1
 * 2, their frames' references and chains as the mode has them, cut into packets. A key picture
 * comes first and when asked for; with some of them the template ids change.
 */
public final class LayeredEncoder {
  private static final int[] TEMPORAL = {0, 2, 1, 2};

  private final Random random;
  private final int source;
  private final int encoding;
  private final String mode;
  private final StructureTable table;
  private final int layers;
  private final int frameBytes;
  private final Map<Integer, String> structureBits = new HashMap<>();
  private final int timestampBase;
  private int sequenceNumber;
  private long frameNumber;
  private int templateIdOffset;
  private long structureSinceNanos;
  private int sinceKey;
  private boolean keyWanted = true;
  private final long[] lastOfChain;
  private int activeLayers;
  private boolean activeChanged;

  public LayeredEncoder(Random random, int source, int encoding, String mode, int frameBytes) {
    this.random = random;
    this.source = source;
    this.encoding = encoding;
    this.mode = mode;
    this.frameBytes = frameBytes;
    table = StructureTable.load(mode);
    layers = table.templates().getLast().spatialId() + 1;
    activeLayers = layers;
    lastOfChain = new long[table.chains()];
    timestampBase = random.nextInt();
    sequenceNumber = random.nextInt(65536);
    frameNumber = random.nextInt(65536);
    templateIdOffset = random.nextInt(64);
  }

  public int layers() {
    return layers;
  }

  /** Its template ids never change. */
  public void keepTemplateIds() {
    structureSinceNanos = Long.MAX_VALUE / 2;
  }

  public void wantKeyFrame() {
    keyWanted = true;
  }

  /** From the next picture on, only the lowest layers are produced; more again from a key frame. */
  public void setActiveLayers(int count) {
    keyWanted |= count > activeLayers;
    activeChanged |= count != activeLayers;
    activeLayers = count;
  }

  /** All packets of the picture that was captured then. */
  public List<TracePacket> picture(long captureNanos) {
    boolean key = keyWanted;
    keyWanted = false;
    if (key) {
      sinceKey = 0;
      // Seldom enough for a relay that knows the last two structures.
      if (captureNanos - structureSinceNanos > 1_000_000_000L && random.nextInt(2) == 0) {
        structureSinceNanos = captureNanos;
        templateIdOffset = (templateIdOffset + table.templates().size()) % 64;
      }
    }
    int timestamp = timestampBase + (int) (captureNanos / 1000 * 90_000 / 1_000_000);
    List<TracePacket> packets = new ArrayList<>();
    for (int layer = 0; layer < activeLayers; layer++) {
      boolean last = layer + 1 == activeLayers;
      addFrame(packets, layer, key, last, timestamp, captureNanos);
    }
    frameNumber += layers;
    sinceKey++;
    if (random.nextInt(40) == 0) {
      packets.add(
          new TracePacket(
              source,
              encoding,
              sequenceNumber++ & 0xffff,
              timestamp,
              false,
              0,
              captureNanos,
              ByteBuffer.allocate(0),
              new TracePacket.Frame(source, encoding, -1, 0, 0, List.of())));
    }
    return packets;
  }

  private void addFrame(
      List<TracePacket> packets,
      int layer,
      boolean key,
      boolean last,
      int timestamp,
      long captureNanos) {
    long number = frameNumber + layer;
    int temporalId = TEMPORAL[sinceKey % 4];
    List<Integer> fdiffs = fdiffs(layer, key, temporalId);
    List<Integer> chainDiffs = chainDiffs(layer, key, number);
    if (temporalId == 0) {
      enterChains(layer, key, number);
    }
    int template = templateFor(layer, temporalId, fdiffs, chainDiffs);
    int count = 1 + random.nextInt(1 + frameBytes * (key ? 4 : 1) * (layer + 1) / 1200);
    for (int i = 0; i < count; i++) {
      DescriptorText text =
          DescriptorText.plain(
              i == 0, i == count - 1, (templateIdOffset + template) % 64, (int) number & 0xffff);
      if (!table.templates().get(template).chainDiffs().equals(chainDiffs)) {
        text = text.withChainDiffs(chainDiffs);
      }
      if (key && layer == 0 && i == 0) {
        text = text.withStructure(structureBits());
      }
      if ((key && activeLayers < layers) || activeChanged) {
        text = text.withActive(activeMask());
      }
      packets.add(
          new TracePacket(
              source,
              encoding,
              sequenceNumber++ & 0xffff,
              timestamp,
              last && i == count - 1,
              200 + random.nextInt(1000),
              captureNanos,
              ByteBuffer.wrap(text.toBytes()),
              new TracePacket.Frame(
                  source,
                  encoding,
                  number,
                  layer,
                  temporalId,
                  fdiffs.stream().map(it -> number - it).toList())));
    }
    if (last && temporalId == 0) {
      activeChanged = false;
    }
  }

  private List<Integer> fdiffs(int layer, boolean key, int temporalId) {
    List<Integer> fdiffs = new ArrayList<>();
    if (!key) {
      fdiffs.add(layers * (temporalId == 0 ? 4 : temporalId == 1 ? 2 : 1));
    }
    boolean interLayer = mode.equals("L3T3") || (mode.equals("L3T3_KEY") && key);
    if (layer > 0 && interLayer) {
      fdiffs.add(1);
    }
    return fdiffs;
  }

  private List<Integer> chainDiffs(int layer, boolean key, long number) {
    List<Integer> diffs = new ArrayList<>();
    for (int chain = 0; chain < lastOfChain.length; chain++) {
      boolean begins = key && (layer == 0 || (mode.equals("S3T3") && chain >= layer));
      diffs.add(begins ? 0 : (int) (number - lastOfChain[chain]));
    }
    return diffs;
  }

  private void enterChains(int layer, boolean key, long number) {
    for (int chain = 0; chain < lastOfChain.length; chain++) {
      boolean member =
          switch (mode) {
            case "L3T3" -> layer <= chain;
            case "L3T3_KEY" -> key ? layer <= chain : layer == chain;
            default -> layer == chain;
          };
      if (member || (key && layer == 0)) {
        lastOfChain[chain] = number;
      }
    }
  }

  private int templateFor(
      int layer, int temporalId, List<Integer> fdiffs, List<Integer> chainDiffs) {
    int found = -1;
    for (int i = 0; i < table.templates().size(); i++) {
      StructureTable.Template template = table.templates().get(i);
      if (template.spatialId() == layer
          && template.temporalId() == temporalId
          && template.fdiffs().equals(fdiffs)
          && (found < 0 || template.chainDiffs().equals(chainDiffs))) {
        found = i;
      }
    }
    return found;
  }

  private String structureBits() {
    return structureBits.computeIfAbsent(templateIdOffset, table::bits);
  }

  /** The first letter is that of the last decode target. */
  private String activeMask() {
    StringBuilder mask = new StringBuilder();
    for (int target = table.decodeTargets() - 1; target >= 0; target--) {
      mask.append(spatialIdOf(target) < activeLayers ? '1' : '0');
    }
    return mask.toString();
  }

  private int spatialIdOf(int target) {
    return table.templates().stream()
        .filter(it -> it.dtis().charAt(target) != '-')
        .mapToInt(StructureTable.Template::spatialId)
        .max()
        .orElse(0);
  }
}
