package dev.sotto.media.selection.testkit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What was really sent and what never arrived: what the oracle excuses by. */
public final class Truth {
  private record Key(int source, int encoding, long number) {}

  private final Map<Key, TracePacket.Frame> frames = new HashMap<>();
  private final Map<List<Integer>, Set<TracePacket.Frame>> pictures = new HashMap<>();
  private final Set<TracePacket.Frame> incomplete = new HashSet<>();
  private final Set<TracePacket> lost = new HashSet<>();
  private final Map<TracePacket.Frame, Boolean> damaged = new HashMap<>();

  public void sent(TracePacket packet) {
    TracePacket.Frame frame = packet.frame();
    if (!packet.isPadding()) {
      frames.put(new Key(frame.source(), frame.encoding(), frame.number()), frame);
      pictures
          .computeIfAbsent(
              List.of(packet.source(), packet.encoding(), packet.timestamp()), _ -> new HashSet<>())
          .add(frame);
    }
  }

  public void lost(TracePacket packet) {
    lost.add(packet);
    incomplete.add(packet.frame());
  }

  /** A packet that came when the slot had gone on to something else. */
  public void missed(TracePacket packet) {
    incomplete.add(packet.frame());
  }

  public int lostCount() {
    return lost.size();
  }

  /** Whether a frame, or one that it leans on, is not whole at the relay. */
  public boolean isDamaged(TracePacket.Frame frame) {
    Boolean known = damaged.get(frame);
    if (known == null) {
      known =
          incomplete.contains(frame)
              || frame.refersTo().stream()
                  .map(it -> frames.get(new Key(frame.source(), frame.encoding(), it)))
                  .filter(Objects::nonNull)
                  .anyMatch(this::isDamaged);
      damaged.put(frame, known);
    }
    return known;
  }

  /** Whether anything of the packet's picture is damaged. */
  public boolean isPictureDamaged(TracePacket packet) {
    return pictures.get(List.of(packet.source(), packet.encoding(), packet.timestamp())).stream()
        .anyMatch(this::isDamaged);
  }
}
