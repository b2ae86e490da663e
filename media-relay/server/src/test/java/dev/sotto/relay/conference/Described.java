package dev.sotto.relay.conference;

import dev.sotto.relay.control.Encoding;
import dev.sotto.relay.control.EndpointState;
import dev.sotto.relay.control.ForcedMute;
import dev.sotto.relay.control.HeaderExtension;
import dev.sotto.relay.control.MediaDescription;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.PayloadType;
import dev.sotto.relay.control.ReceiveSlots;
import dev.sotto.relay.control.ReceiverConstraints;
import dev.sotto.relay.control.RemoteTransport;
import dev.sotto.relay.control.RtcpFeedback;
import dev.sotto.relay.control.SourceDescription;
import dev.sotto.relay.control.SourceKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** What signalling says of an endpoint, to be changed and said again. Numbers as Chromium's. */
final class Described {
  static final Map<String, String> URIS =
      Map.of(
          "level", "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
          "abs", "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
          "tcc", "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
          "mid", "urn:ietf:params:rtp-hdrext:sdes:mid",
          "rid", "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
          "rrid", "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
          "dd",
              "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension");

  final String id;
  final Map<String, Integer> extensions =
      new HashMap<>(
          Map.of("level", 1, "abs", 2, "tcc", 3, "mid", 4, "rid", 10, "rrid", 11, "dd", 13));
  int opus = 111;
  int vp8 = 96;
  int rtx = 97;
  List<RtcpFeedback> feedback =
      List.of(
          feedback("nack", ""),
          feedback("nack", "pli"),
          feedback("transport-cc", ""),
          feedback("goog-remb", ""));
  List<SourceDescription> sources = new ArrayList<>();
  ReceiveSlots slots = ReceiveSlots.NONE;
  ForcedMute mute = ForcedMute.NONE;
  OptionalInt videoLastN = OptionalInt.empty();
  OptionalInt audioLastN = OptionalInt.empty();
  OptionalInt maxHeight = OptionalInt.empty();
  Map<String, Integer> maxHeights = Map.of();
  Set<String> pinned = Set.of();

  Described(String id) {
    this.id = id;
  }

  static RtcpFeedback feedback(String type, String detail) {
    return new RtcpFeedback(type, detail.isEmpty() ? Optional.empty() : Optional.of(detail));
  }

  Described microphone(int ssrc) {
    sources.add(announced(id + "-a0", SourceKind.AUDIO, ssrc, OptionalLong.empty()));
    return this;
  }

  /** One encoding, its SSRCs announced. */
  Described camera(int ssrc, int rtxSsrc) {
    sources.add(announced(id + "-v0", SourceKind.CAMERA, ssrc, OptionalLong.of(rtxSsrc)));
    return this;
  }

  Described screen(int ssrc, int rtxSsrc) {
    sources.add(announced(id + "-s0", SourceKind.SCREEN, ssrc, OptionalLong.of(rtxSsrc)));
    return this;
  }

  static SourceDescription announced(String id, SourceKind kind, int ssrc, OptionalLong rtx) {
    Encoding encoding = new Encoding(OptionalLong.of(ssrc), Optional.empty(), rtx);
    return new SourceDescription(id, kind, Optional.of("m"), List.of(encoding));
  }

  /** RIDs q, h and f, whose SSRCs the packets tell. */
  Described simulcast() {
    List<Encoding> encodings = new ArrayList<>();
    for (String rid : Camera.RIDS) {
      encodings.add(new Encoding(OptionalLong.empty(), Optional.of(rid), OptionalLong.empty()));
    }
    sources.add(new SourceDescription(id + "-v0", SourceKind.CAMERA, Optional.of("1"), encodings));
    return this;
  }

  /** Slots whose SSRCs count from a number, each with an RTX SSRC 1000 above. */
  Described slots(int audio, int video, int firstSsrc) {
    List<ReceiveSlots.Slot> audioSlots = new ArrayList<>();
    List<ReceiveSlots.Slot> videoSlots = new ArrayList<>();
    for (int i = 0; i < audio; i++) {
      audioSlots.add(new ReceiveSlots.Slot(firstSsrc + i, OptionalLong.empty()));
    }
    for (int i = 0; i < video; i++) {
      int ssrc = firstSsrc + 100 + i;
      videoSlots.add(new ReceiveSlots.Slot(ssrc, OptionalLong.of(ssrc + 1000L)));
    }
    slots = new ReceiveSlots(audioSlots, videoSlots);
    return this;
  }

  EndpointState state() {
    List<HeaderExtension> known = new ArrayList<>();
    extensions.forEach((name, number) -> known.add(new HeaderExtension(number, URIS.get(name))));
    List<PayloadType> videoTypes = new ArrayList<>();
    videoTypes.add(new PayloadType(vp8, "VP8", 90_000, 1, Map.of(), feedback));
    if (rtx >= 0) {
      Map<String, String> original = Map.of("apt", Integer.toString(vp8));
      videoTypes.add(new PayloadType(rtx, "rtx", 90_000, 1, original, List.of()));
    }
    List<PayloadType> audioTypes =
        List.of(new PayloadType(opus, "opus", 48_000, 2, Map.of(), List.of()));
    return new EndpointState(
        id,
        RemoteTransport.UNKNOWN,
        Map.of(
            MediaKind.AUDIO, new MediaDescription(MediaKind.AUDIO, audioTypes, known, true),
            MediaKind.VIDEO, new MediaDescription(MediaKind.VIDEO, videoTypes, known, true)),
        sources,
        mute,
        slots,
        new ReceiverConstraints(videoLastN, audioLastN, maxHeight, maxHeights, pinned));
  }
}
