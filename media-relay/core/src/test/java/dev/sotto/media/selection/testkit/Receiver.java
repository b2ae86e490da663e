package dev.sotto.media.selection.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dd.DependencyDescriptorReader;
import dev.sotto.media.dd.DependencyDescriptorWriter;
import dev.sotto.media.selection.Rewrite;
import dev.sotto.media.selection.SlotKind;
import dev.sotto.media.selection.SlotProjection;
import dev.sotto.media.selection.Sought;
import dev.sotto.media.selection.Verdict;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One receiver's slot as a relay drives it: descriptors are read per encoding, packets that arrived
 * are kept for retransmission, and what goes out is remembered by packet index. That no index is
 * given twice is checked on the way.
 */
public final class Receiver {
  /** A packet as it left, and which one of the source it was. */
  public record Sent(
      long index, int timestamp, boolean marker, ByteBuffer descriptor, TracePacket packet) {}

  public final SlotProjection slot;
  public final TreeMap<Long, Sent> sent = new TreeMap<>();
  public final TreeMap<Long, TracePacket> filled = new TreeMap<>();
  public final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);

  /** Packets for which a number is kept although they have arrived: they could not be read. */
  public final Set<TracePacket> unreadable = new HashSet<>();

  /** Numbers at which the slot was given to another source, or paused. */
  public final Set<Long> cuts = new HashSet<>();

  /** Packets that came when the slot was paused or had gone on to something else. */
  public final Set<TracePacket> missed = new HashSet<>();

  private int occupant = -1;
  private boolean paused;
  private long cutNanos;
  private final Map<Integer, DependencyDescriptorReader> readers = new HashMap<>();
  private final Map<Integer, TracePacket> arrived = new HashMap<>();
  private final DependencyDescriptor descriptor = new DependencyDescriptor();
  private final DependencyDescriptorWriter writer = new DependencyDescriptorWriter();
  private final Rewrite rewrite = new Rewrite();
  private final MemorySegment in = Arena.ofAuto().allocate(512);
  private final MemorySegment out = Arena.ofAuto().allocate(512);

  public Receiver(SlotKind kind, int firstNumber) {
    slot = new SlotProjection(kind, 0x5107, firstNumber, 1000, 4096);
  }

  /** Gives the slot to a source: packets of others are read, for their structures, but no more. */
  public void occupy(int source, long nowNanos) {
    occupant = source;
    slot.occupy(source);
    cut(nowNanos);
    paused = true;
  }

  public void pause(long nowNanos) {
    slot.pause();
    cut(nowNanos);
    paused = true;
  }

  public void setTarget(int encoding, int spatialId, int temporalId) {
    slot.setTarget(encoding, spatialId, temporalId);
    paused = false;
  }

  public Verdict onPacket(TracePacket packet, long nowNanos) {
    arrived.put(key(packet.source(), packet.encoding(), packet.sequenceNumber()), packet);
    if (packet.source() != occupant || paused || packet.captureNanos() < cutNanos) {
      missed.add(packet);
    }
    if (packet.source() != occupant) {
      read(packet);
      return Verdict.NOT_SELECTED;
    }
    return project(packet, nowNanos);
  }

  private Verdict project(TracePacket packet, long nowNanos) {
    read(packet);
    Verdict verdict =
        slot.project(
            packet.encoding(),
            packet.sequenceNumber(),
            packet.timestamp(),
            packet.marker(),
            packet.payloadBytes(),
            packet.captureNanos(),
            nowNanos,
            descriptor,
            rewrite);
    verdicts.merge(verdict, 1, Integer::sum);
    if (verdict == Verdict.UNREADABLE) {
      unreadable.add(packet);
    }
    if (verdict == Verdict.FORWARD) {
      Sent now = written(packet);
      Sent before = sent.put(now.index, now);
      assertThat(before).as("a number is given once").isNull();
      assertThat(filled).doesNotContainKey(now.index);
    } else if (verdict == Verdict.FILL) {
      if (packet.encoding() != slot.encoding()) {
        missed.add(packet);
      }
      assertThat(sent).doesNotContainKey(rewrite.packetIndex());
      assertThat(filled.put(rewrite.packetIndex(), packet)).isNull();
    }
    return verdict;
  }

  private void read(TracePacket packet) {
    byte[] bytes = packet.descriptor().array();
    if (bytes.length == 0) {
      descriptor.clear();
      return;
    }
    MemorySegment.copy(bytes, 0, in, ValueLayout.JAVA_BYTE, 0, bytes.length);
    readers
        .computeIfAbsent(
            key(packet.source(), packet.encoding(), 0), _ -> new DependencyDescriptorReader())
        .read(in, 0, bytes.length, descriptor);
  }

  private Sent written(TracePacket packet) {
    byte[] bytes = new byte[0];
    if (descriptor.isUsable()) {
      int length =
          writer.prepare(descriptor, rewrite.structureWanted(), rewrite.activeDecodeTargets());
      writer.write(rewrite.frameNumberDelta(), rewrite.templateIdDelta(), out, 0, 512);
      bytes = out.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }
    return new Sent(
        rewrite.packetIndex(),
        packet.timestamp() + rewrite.timestampOffset(),
        rewrite.marker(),
        ByteBuffer.wrap(bytes),
        packet);
  }

  /** From here on the slot is another's, or paused: the picture that was being sent is cut off. */
  private void cut(long nowNanos) {
    cutNanos = nowNanos;
    cuts.add(slot.highestPacketIndex() + 1);
  }

  /** A retransmission: what went out goes out the same; what is kept goes out if it is here now. */
  public void onNack(long index, long nowNanos) {
    Sought sought = slot.find((int) index & 0xffff, rewrite);
    if (sought == Sought.UNKNOWN) {
      return;
    }
    Optional<TracePacket> packet =
        Optional.ofNullable(
            arrived.get(key(rewrite.source(), rewrite.encoding(), rewrite.sourceSequenceNumber())));
    assertThat(rewrite.packetIndex()).isEqualTo(index);
    if (sought == Sought.SENT) {
      Sent before = sent.get(index);
      assertThat(packet).contains(before.packet());
      read(before.packet());
      Sent again = written(before.packet());
      assertThat(again.timestamp()).isEqualTo(before.timestamp());
      assertThat(again.marker()).isEqualTo(before.marker());
      assertThat(again.descriptor()).isEqualTo(before.descriptor());
    } else if (rewrite.source() == occupant) {
      packet.ifPresent(it -> project(it, nowNanos));
    }
  }

  private static int key(int source, int encoding, int sequenceNumber) {
    return source << 24 | encoding << 20 | sequenceNumber;
  }
}
