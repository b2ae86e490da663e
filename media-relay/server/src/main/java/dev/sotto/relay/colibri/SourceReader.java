package dev.sotto.relay.colibri;

import static dev.sotto.relay.colibri.Attributes.bad;

import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.Encoding;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.SourceDescription;
import dev.sotto.relay.control.SourceKind;
import dev.sotto.relay.control.Texts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jitsi.xmpp.extensions.colibri.SourcePacketExtension;
import org.jitsi.xmpp.extensions.colibri2.MediaSource;
import org.jitsi.xmpp.extensions.jingle.SourceGroupPacketExtension;

/**
 * Reads a source: a flat list of SSRCs, and groups that say which is whose layer (SIM) and whose
 * retransmission (FID), become encodings.
 */
final class SourceReader {
  private static final Map<String, SourceKind> VIDEO_TYPES =
      Map.of("camera", SourceKind.CAMERA, "desktop", SourceKind.SCREEN);

  private static final int PAIR = 2;

  private final String id;

  /** What is listed, in its order; without those that have no SSRC. */
  private final Map<Long, SourcePacketExtension> listed = new LinkedHashMap<>();

  private final List<SourcePacketExtension> learnt = new ArrayList<>();
  private final Map<Long, Long> rtxOf = new HashMap<>();
  private final Set<Long> retransmissions = new LinkedHashSet<>();
  private final List<Long> layers = new ArrayList<>();

  private SourceReader(String id) {
    this.id = Texts.quoted(id);
  }

  static SourceDescription read(MediaSource source) {
    if (Attributes.flag(source, MediaSource.SYNTHETIC_ATTR_NAME)) {
      throw new ControlException(
          ErrorCode.NOT_IMPLEMENTED, "synthetic sources: endpoints send all that there is");
    }
    String id = Attributes.requiredText(source, MediaSource.ID_NAME);
    return new SourceReader(id).readAs(id, source);
  }

  private SourceDescription readAs(String plainId, MediaSource source) {
    source.getSources().forEach(this::list);
    source.getSsrcGroups().forEach(this::group);
    Optional<String> mid =
        Optional.ofNullable(source.getFirstChildOfType(SottoElement.class))
            .map(element -> Optional.ofNullable(element.getText()).orElse(""));
    return new SourceDescription(plainId, kind(source), mid, encodings());
  }

  private void list(SourcePacketExtension source) {
    OptionalLong ssrc = Attributes.number(source, SourcePacketExtension.SSRC_ATTR_NAME);
    if (ssrc.isEmpty()) {
      learnt.add(source);
    } else if (listed.putIfAbsent(ssrc.getAsLong(), source) != null) {
      throw new ControlException(
          ErrorCode.SSRC_CONFLICT,
          "SSRC %d of source %s is listed twice".formatted(ssrc.getAsLong(), id));
    }
  }

  private void group(SourceGroupPacketExtension group) {
    String semantics =
        Attributes.requiredText(group, SourceGroupPacketExtension.SEMANTICS_ATTR_NAME);
    List<Long> ssrcs = group.getSources().stream().map(this::grouped).toList();
    switch (semantics) {
      case SourceGroupPacketExtension.SEMANTICS_FID -> pair(ssrcs);
      case SourceGroupPacketExtension.SEMANTICS_SIMULCAST -> {
        if (!layers.isEmpty() || ssrcs.isEmpty()) {
          throw bad("source %s: give one SIM group with its layers".formatted(id));
        }
        layers.addAll(ssrcs);
      }
      default ->
          throw new ControlException(
              ErrorCode.NOT_IMPLEMENTED,
              "ssrc-group %s of source %s: only SIM and FID are done"
                  .formatted(Texts.quoted(semantics), id));
    }
  }

  private long grouped(SourcePacketExtension source) {
    long ssrc = Attributes.requiredNumber(source, SourcePacketExtension.SSRC_ATTR_NAME);
    if (!listed.containsKey(ssrc)) {
      throw bad("SSRC %d is in a group of source %s but not listed".formatted(ssrc, id));
    }
    return ssrc;
  }

  private void pair(List<Long> ssrcs) {
    if (ssrcs.size() != PAIR) {
      throw bad("FID group of source %s: a stream and its retransmissions".formatted(id));
    }
    if (rtxOf.put(ssrcs.getFirst(), ssrcs.getLast()) != null
        || !retransmissions.add(ssrcs.getLast())) {
      throw bad("source %s: an SSRC is in two FID groups in the same place".formatted(id));
    }
  }

  private List<Encoding> encodings() {
    Set<Long> streams = new LinkedHashSet<>(layers);
    if (streams.size() != layers.size()) {
      throw bad("SIM group of source %s names an SSRC twice".formatted(id));
    }
    for (Long ssrc : listed.keySet()) {
      if (retransmissions.contains(ssrc)) {
        if (streams.contains(ssrc) || rtxOf.containsKey(ssrc)) {
          throw bad("SSRC %d of source %s is a stream and a retransmission".formatted(ssrc, id));
        }
      } else if (layers.isEmpty()) {
        streams.add(ssrc);
      } else if (!streams.contains(ssrc)) {
        throw bad("SSRC %d of source %s is not in its SIM group".formatted(ssrc, id));
      }
    }
    List<Encoding> encodings = new ArrayList<>();
    for (Long ssrc : streams) {
      Long rtx = rtxOf.get(ssrc);
      encodings.add(
          new Encoding(
              OptionalLong.of(ssrc),
              Attributes.text(listed.get(ssrc), SourcePacketExtension.RID_ATTR_NAME),
              rtx == null ? OptionalLong.empty() : OptionalLong.of(rtx)));
    }
    for (SourcePacketExtension source : learnt) {
      encodings.add(
          new Encoding(
              OptionalLong.empty(),
              Attributes.text(source, SourcePacketExtension.RID_ATTR_NAME),
              OptionalLong.empty()));
    }
    return encodings;
  }

  private SourceKind kind(MediaSource source) {
    MediaKind media =
        Attributes.requiredChoice(source, MediaSource.TYPE_ATTR_NAME, MediaReader.KINDS);
    Optional<SourceKind> said = Optional.empty();
    for (SourcePacketExtension stream : source.getSources()) {
      Optional<SourceKind> kind =
          Attributes.choice(stream, SourcePacketExtension.VIDEO_TYPE_ATTR_NAME, VIDEO_TYPES);
      if (said.isPresent() && kind.isPresent() && !said.equals(kind)) {
        throw bad("source %s is camera and desktop; make it two".formatted(id));
      }
      if (kind.isPresent()) {
        said = kind;
      }
    }
    if (media == MediaKind.AUDIO) {
      if (said.isPresent()) {
        throw bad("audio source %s has a videoType".formatted(id));
      }
      return SourceKind.AUDIO;
    }
    return said.orElse(SourceKind.CAMERA);
  }
}
