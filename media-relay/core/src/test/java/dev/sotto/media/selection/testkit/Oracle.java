package dev.sotto.media.selection.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dd.DependencyDescriptorReader;
import dev.sotto.media.dd.DescriptorResult;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A decoder that knows nothing of the relay: reads what one receiver was sent in the order of its
 * numbers, by the descriptors alone, and demands that all of it can be decoded, but for what the
 * network has really lost.
 */
public final class Oracle {
  /** A frame as the receiver puts it together. */
  private record Got(
      long number,
      List<Long> refersTo,
      List<Receiver.Sent> packets,
      boolean whole,
      boolean structure) {
    Receiver.Sent first() {
      return packets.getFirst();
    }

    Receiver.Sent last() {
      return packets.getLast();
    }

    TracePacket.Frame truth() {
      return first().packet().frame();
    }
  }

  private final Receiver receiver;
  private final Truth truth;
  private int decodedFrames;
  private int holes;

  public Oracle(Receiver receiver, Truth truth) {
    this.receiver = receiver;
    this.truth = truth;
  }

  public int decodedFrames() {
    return decodedFrames;
  }

  public int holes() {
    return holes;
  }

  public void check() {
    if (receiver.sent.isEmpty()) {
      return;
    }
    checkHoles();
    List<Got> frames = frames();
    checkDecodable(frames);
    checkOrder(frames);
    checkMarkers(frames);
  }

  /** A number that was left out is that of a packet that was lost, or could not be read. */
  private void checkHoles() {
    long first = receiver.sent.firstKey();
    long last = receiver.sent.lastKey();
    for (long index = first; index <= last; index++) {
      if (!receiver.sent.containsKey(index) && !receiver.filled.containsKey(index)) {
        holes++;
      }
    }
    assertThat(holes)
        .as("holes, beside %d lost packets", truth.lostCount())
        .isLessThanOrEqualTo(
            truth.lostCount() + receiver.unreadable.size() + receiver.missed.size());
  }

  private List<Got> frames() {
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    DependencyDescriptor descriptor = new DependencyDescriptor();
    MemorySegment memory = Arena.ofAuto().allocate(512);
    List<Got> frames = new ArrayList<>();
    List<Receiver.Sent> packets = new ArrayList<>();
    List<Long> refersTo = List.of();
    long number = -1;
    boolean structure = false;
    boolean started = false;
    boolean ended = false;
    for (Receiver.Sent sent : receiver.sent.values()) {
      byte[] bytes = sent.descriptor().array();
      MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
      DescriptorResult result = reader.read(memory, 0, bytes.length, descriptor);
      if (result != DescriptorResult.PARSED) {
        assertThat(holes).as("a descriptor is unreadable only where packets are lost").isPositive();
        continue;
      }
      if (descriptor.frame() != number || packets.isEmpty()) {
        addFrame(frames, number, refersTo, packets, started && ended, structure);
        packets = new ArrayList<>();
        number = descriptor.frame();
        started = descriptor.startOfFrame();
        structure = descriptor.hasStructure();
        refersTo = new ArrayList<>();
        for (int i = 0; i < descriptor.fdiffCount(); i++) {
          refersTo.add(number - descriptor.fdiff(i));
        }
      } else {
        assertThat(descriptor.startOfFrame()).as("a second start of frame %d", number).isFalse();
        assertThat(descriptor.hasStructure()).isFalse();
      }
      packets.add(sent);
      ended = descriptor.endOfFrame();
    }
    addFrame(frames, number, refersTo, packets, started && ended, structure);
    return frames;
  }

  private static void addFrame(
      List<Got> frames,
      long number,
      List<Long> refersTo,
      List<Receiver.Sent> packets,
      boolean whole,
      boolean structure) {
    if (!packets.isEmpty()) {
      boolean contiguous =
          packets.getLast().index() - packets.getFirst().index() + 1 == packets.size();
      frames.add(new Got(number, refersTo, packets, whole && contiguous, structure));
      assertThat(packets)
          .allMatch(it -> it.packet().frame().equals(packets.getFirst().packet().frame()));
    }
  }

  private void checkDecodable(List<Got> frames) {
    Set<Long> decoded = new HashSet<>();
    Got before = null;
    for (Got frame : frames) {
      if (frame.whole() && decoded.containsAll(frame.refersTo())) {
        decoded.add(frame.number());
        decodedFrames++;
      } else if (frame.whole() && !truth.isDamaged(frame.truth())) {
        throw new AssertionError(
            "frame %s, sent as %d, refers to %s, which is not all there"
                .formatted(frame.truth(), frame.number(), frame.refersTo()));
      }
      boolean first = before == null || !sameEncoding(before, frame);
      if (first && !isHole(frame.first().index() - 1)) {
        assertThat(frame.structure()).as("structure where %s begins", frame.truth()).isTrue();
        assertThat(frame.refersTo()).isEmpty();
      }
      before = frame;
    }
  }

  private boolean isHole(long index) {
    return index >= receiver.sent.firstKey() && !receiver.sent.containsKey(index);
  }

  private static boolean sameEncoding(Got one, Got other) {
    return one.truth().source() == other.truth().source()
        && one.truth().encoding() == other.truth().encoding();
  }

  /** Frame numbers rise; timestamps never fall, and rise from picture to picture. */
  private void checkOrder(List<Got> frames) {
    for (int i = 1; i < frames.size(); i++) {
      Got before = frames.get(i - 1);
      Got frame = frames.get(i);
      assertThat(frame.number()).isGreaterThan(before.number());
      assertThat(frame.packets()).allMatch(it -> it.timestamp() == frame.first().timestamp());
      int step = frame.first().timestamp() - before.first().timestamp();
      if (sameEncoding(before, frame)
          && before.first().packet().timestamp() == frame.first().packet().timestamp()) {
        // A slot that was paused within a picture can begin again with it, as another one.
        boolean again = receiver.cuts.contains(frame.first().index());
        assertThat(step).as("within the picture of %s", frame.truth()).isEqualTo(again ? 1 : 0);
      } else {
        assertThat(step).as("to the picture of %s", frame.truth()).isPositive();
      }
    }
  }

  /** The last packet of each picture is marked, and no other one. */
  private void checkMarkers(List<Got> frames) {
    Map<Integer, Receiver.Sent> last = new LinkedHashMap<>();
    frames.forEach(frame -> last.put(frame.last().timestamp(), frame.last()));
    for (Got frame : frames) {
      for (Receiver.Sent sent : frame.packets()) {
        boolean ends = last.get(sent.timestamp()).index() == sent.index();
        if (!ends) {
          assertThat(sent.marker()).as("marker within the picture of %s", frame.truth()).isFalse();
        } else if (frame.whole()
            && !isHole(sent.index() + 1)
            && !truth.isPictureDamaged(sent.packet())
            && !isCutOff(sent)) {
          assertThat(sent.marker()).as("marker at the end of %s", frame.truth()).isTrue();
        }
      }
    }
  }

  /** Whether something else follows, for which the rest of the picture was left out. */
  private boolean isCutOff(Receiver.Sent sent) {
    Receiver.Sent next = receiver.sent.get(sent.index() + 1);
    return next == null
        || receiver.cuts.contains(next.index())
        || sent.packet().source() != next.packet().source()
        || sent.packet().encoding() != next.packet().encoding();
  }
}
