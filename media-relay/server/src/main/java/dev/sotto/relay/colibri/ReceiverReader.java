package dev.sotto.relay.colibri;

import static dev.sotto.relay.colibri.Attributes.bad;

import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.ReceiveSlots;
import dev.sotto.relay.control.ReceiverConstraints;
import dev.sotto.relay.control.Texts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jitsi.xmpp.extensions.colibri2.InitialLastN;

/** Reads what an endpoint receives: COLIBRI2's last-N, and the elements that are Sotto's. */
final class ReceiverReader {
  /** Jitsi's way to say "all". */
  private static final int UNLIMITED = -1;

  private ReceiverReader() {}

  static ReceiveSlots slots(SottoElement slots) {
    Map<MediaKind, List<ReceiveSlots.Slot>> byKind = new EnumMap<>(MediaKind.class);
    for (SottoElement slot : slots.getChildExtensionsOfType(SottoElement.class)) {
      MediaKind kind = Attributes.requiredChoice(slot, SottoElement.TYPE, MediaReader.KINDS);
      byKind
          .computeIfAbsent(kind, _ -> new ArrayList<>())
          .add(
              new ReceiveSlots.Slot(
                  Attributes.requiredNumber(slot, SottoElement.SSRC),
                  Attributes.number(slot, SottoElement.RTX_SSRC)));
    }
    return new ReceiveSlots(
        byKind.getOrDefault(MediaKind.AUDIO, List.of()),
        byKind.getOrDefault(MediaKind.VIDEO, List.of()));
  }

  static ReceiverConstraints constraints(SottoElement constraints) {
    Map<String, Integer> maxHeights = new HashMap<>();
    Set<String> pinned = new HashSet<>();
    Set<String> named = new HashSet<>();
    for (SottoElement source : constraints.getChildExtensionsOfType(SottoElement.class)) {
      String id = Attributes.requiredText(source, SottoElement.ID);
      if (!named.add(id)) {
        throw bad("constraints name source %s twice".formatted(Texts.quoted(id)));
      }
      Attributes.integer(source, SottoElement.MAX_HEIGHT)
          .ifPresent(height -> maxHeights.put(id, height));
      if (Attributes.flag(source, SottoElement.PINNED)) {
        pinned.add(id);
      }
    }
    return new ReceiverConstraints(
        Attributes.integer(constraints, SottoElement.LAST_N),
        Attributes.integer(constraints, SottoElement.AUDIO_LAST_N),
        Attributes.integer(constraints, SottoElement.MAX_HEIGHT),
        maxHeights,
        pinned);
  }

  static ReceiverConstraints constraints(InitialLastN lastN) {
    int count = Attributes.requiredInteger(lastN, InitialLastN.VALUE_ATTR_NAME);
    return new ReceiverConstraints(
        count == UNLIMITED ? OptionalInt.empty() : OptionalInt.of(count),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Map.of(),
        Set.of());
  }
}
