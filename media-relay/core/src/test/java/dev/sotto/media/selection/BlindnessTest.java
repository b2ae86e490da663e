package dev.sotto.media.selection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dd.DependencyDescriptorReader;
import dev.sotto.media.dd.DependencyDescriptorWriter;
import dev.sotto.media.selection.testkit.LayeredEncoder;
import dev.sotto.media.selection.testkit.TracePacket;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole RTP packets of a trace with loss, reordering and duplicates, once with one payload and once
 * with another, through a small relay of three receivers whose targets change.
 */
@DisplayName("Random payload bytes make no difference to any header or route")
class BlindnessTest {
  private static final int HEADER = 12;
  private static final int RECEIVERS = 3;
  private static final long PICTURE = 33_000_000L;

  @ParameterizedTest
  @ValueSource(strings = {"L1T3", "L3T3", "L3T3_KEY", "S3T3", "simulcast"})
  void the_same_trace_with_other_payload_is_routed_and_rewritten_byte_for_byte_alike(String mode) {
    List<TracePacket> trace = trace(mode);

    List<String> routed = relay(trace, new Random(1));
    List<String> routedAgain = relay(trace, new Random(2));

    assertThat(routed).hasSizeGreaterThan(500).isEqualTo(routedAgain);
  }

  private static List<TracePacket> trace(String mode) {
    Random random = new Random(mode.hashCode());
    List<LayeredEncoder> encoders = new ArrayList<>();
    if (mode.equals("simulcast")) {
      for (int encoding = 0; encoding < 3; encoding++) {
        encoders.add(new LayeredEncoder(random, 0, encoding, "L1T3", 600 << encoding));
      }
    } else {
      encoders.add(new LayeredEncoder(random, 0, 0, mode, 1200));
    }
    List<TracePacket> trace = new ArrayList<>();
    for (int picture = 0; picture < 300; picture++) {
      for (LayeredEncoder encoder : encoders) {
        if (random.nextInt(30) == 0) {
          encoder.wantKeyFrame();
        }
        for (TracePacket packet : encoder.picture(picture * PICTURE)) {
          int where = trace.size() - random.nextInt(random.nextInt(10) == 0 ? 20 : 1);
          if (random.nextInt(20) != 0) {
            trace.add(Math.max(where, 0), packet);
          }
          if (random.nextInt(30) == 0) {
            trace.add(packet);
          }
        }
      }
    }
    return trace;
  }

  /** Every verdict, and the header of every packet that leaves. */
  private static List<String> relay(List<TracePacket> trace, Random payload) {
    Random targets = new Random(99);
    List<String> routed = new ArrayList<>();
    MemorySegment memory = Arena.ofAuto().allocate(4096);
    DependencyDescriptorReader[] readers = new DependencyDescriptorReader[3];
    SlotProjection[] slots = new SlotProjection[RECEIVERS];
    for (int i = 0; i < RECEIVERS; i++) {
      readers[i] = new DependencyDescriptorReader();
      slots[i] = new SlotProjection(SlotKind.VIDEO, 100 + i, 1000 * i, 50 * i, 1024);
      slots[i].occupy(0);
      slots[i].setTarget(0, 2, 2);
    }
    int count = 0;
    for (TracePacket packet : trace) {
      int length = writeRtp(packet, payload, memory);
      if (count++ % 97 == 0) {
        slots[targets.nextInt(RECEIVERS)].setTarget(
            targets.nextInt(3), targets.nextInt(3), targets.nextInt(3));
      }
      for (SlotProjection slot : slots) {
        routed.add(forward(slot, readers[packet.encoding()], memory, length, count));
      }
    }
    return routed;
  }

  /** The encoding as SSRC; the descriptor behind its length in place of an extension block. */
  private static int writeRtp(TracePacket packet, Random payload, MemorySegment to) {
    byte[] descriptor = packet.descriptor().array();
    Wire.putU16(to, 0, 0x9060 | (packet.marker() ? 0x80 : 0));
    Wire.putU16(to, 2, packet.sequenceNumber());
    Wire.putU32(to, 4, packet.timestamp());
    Wire.putU32(to, 8, packet.encoding());
    Wire.putU8(to, HEADER, descriptor.length);
    MemorySegment.copy(descriptor, 0, to, ValueLayout.JAVA_BYTE, HEADER + 1, descriptor.length);
    byte[] bytes = new byte[packet.payloadBytes()];
    payload.nextBytes(bytes);
    int start = HEADER + 1 + descriptor.length;
    MemorySegment.copy(bytes, 0, to, ValueLayout.JAVA_BYTE, start, bytes.length);
    return start + bytes.length;
  }

  private static String forward(
      SlotProjection slot,
      DependencyDescriptorReader reader,
      MemorySegment packet,
      int length,
      int nowMillis) {
    DependencyDescriptor descriptor = new DependencyDescriptor();
    int descriptorBytes = Wire.u8(packet, HEADER);
    if (descriptorBytes > 0) {
      reader.read(packet, HEADER + 1, descriptorBytes, descriptor);
    }
    Rewrite rewrite = new Rewrite();
    Verdict verdict =
        slot.project(
            (int) Wire.u32(packet, 8),
            Wire.u16(packet, 2),
            Wire.i32(packet, 4),
            (Wire.u8(packet, 1) & 0x80) != 0,
            length - HEADER - 1 - descriptorBytes,
            SlotProjection.NO_CAPTURE_TIME,
            nowMillis * 1_000_000L,
            descriptor,
            rewrite);
    return verdict == Verdict.FORWARD
        ? verdict + header(rewrite, descriptor)
        : verdict + " " + slot.keyFrameWanted(nowMillis * 1_000_000L);
  }

  private static String header(Rewrite rewrite, DependencyDescriptor descriptor) {
    MemorySegment out = Arena.ofAuto().allocate(512);
    Wire.putU16(out, 0, 0x9060 | (rewrite.marker() ? 0x80 : 0));
    Wire.putU16(out, 2, rewrite.sequenceNumber());
    Wire.putU32(out, 4, rewrite.timestamp());
    Wire.putU32(out, 8, rewrite.ssrc());
    DependencyDescriptorWriter writer = new DependencyDescriptorWriter();
    writer.prepare(descriptor, rewrite.structureWanted(), rewrite.activeDecodeTargets());
    int length =
        writer.write(rewrite.frameNumberDelta(), rewrite.templateIdDelta(), out, HEADER, 500);
    return HexFormat.of().formatHex(out.asSlice(0, HEADER + length).toArray(ValueLayout.JAVA_BYTE));
  }
}
