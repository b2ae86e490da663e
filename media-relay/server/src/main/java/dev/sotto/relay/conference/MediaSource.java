package dev.sotto.relay.conference;

import dev.sotto.media.loss.KeyFrameRequests;
import dev.sotto.media.loss.KeyFrameSettings;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.SourceDescription;
import dev.sotto.relay.control.SourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A microphone, camera or screen of an endpoint: its streams as they are known so far, the slots
 * that it goes out in, and the key frames that are asked of it.
 */
final class MediaSource {
  /** Beyond, requesters share their throttle two by two: it only bounds how often one may ask. */
  private static final int REQUESTERS = 256;

  private final int key;
  private final Endpoint owner;
  private final SourceDescription description;
  private final IncomingStream[] streams;
  private final KeyFrameRequests[] keyFrames;
  private final SourceLayers layers;
  private final List<SlotStream> outputs = new ArrayList<>();

  /**
   * @param key never another source's in this conference
   */
  MediaSource(int key, Endpoint owner, SourceDescription description) {
    this.key = key;
    this.owner = owner;
    this.description = description;
    int encodings = description.encodings().size();
    streams = new IncomingStream[encodings];
    keyFrames = new KeyFrameRequests[kind() == MediaKind.VIDEO ? encodings : 0];
    for (int i = 0; i < keyFrames.length; i++) {
      keyFrames[i] = new KeyFrameRequests(KeyFrameSettings.DEFAULT, REQUESTERS);
    }
    layers = new SourceLayers(encodings, isScreen());
  }

  int key() {
    return key;
  }

  String id() {
    return description.id();
  }

  Endpoint owner() {
    return owner;
  }

  SourceDescription description() {
    return description;
  }

  MediaKind kind() {
    return description.kind().media();
  }

  boolean isScreen() {
    return description.kind() == SourceKind.SCREEN;
  }

  boolean isMuted() {
    return owner.isForceMuted(kind());
  }

  SourceLayers layers() {
    return layers;
  }

  /** The stream of an encoding, once its SSRC is known. */
  Optional<IncomingStream> stream(int encoding) {
    return Optional.ofNullable(streams[encoding]);
  }

  /** The same for what is asked often, null while it is not known. */
  IncomingStream streamOrNull(int encoding) {
    return streams[encoding];
  }

  void setStream(int encoding, IncomingStream stream) {
    streams[encoding] = stream;
  }

  /** The slots that it goes out in; iterated by index for each packet. */
  List<SlotStream> outputs() {
    return outputs;
  }

  KeyFrameRequests keyFrames(int encoding) {
    return keyFrames[encoding];
  }

  int encodings() {
    return streams.length;
  }

  /** The SSRC under which receivers without slots get it: announced, or the first that came. */
  OptionalInt ownSsrc() {
    for (int i = 0; i < streams.length; i++) {
      OptionalLong announced = description.encodings().get(i).ssrc();
      if (announced.isPresent()) {
        return OptionalInt.of((int) announced.getAsLong());
      }
    }
    for (IncomingStream stream : streams) {
      if (stream != null) {
        return OptionalInt.of(stream.ssrc());
      }
    }
    return OptionalInt.empty();
  }

  /** The SSRC of the same stream's retransmissions, where one is announced. */
  OptionalInt ownRtxSsrc() {
    OptionalLong announced = description.encodings().getFirst().rtxSsrc();
    return announced.isPresent()
        ? OptionalInt.of((int) announced.getAsLong())
        : OptionalInt.empty();
  }

  /** Somebody cannot go on without a key frame. */
  void requestKeyFrame(int encoding, int requester, long nowNanos) {
    if (encoding < keyFrames.length && streams[encoding] != null) {
      keyFrames[encoding].request(requester % REQUESTERS, nowNanos);
      owner.wakeBy(nowNanos + keyFrames[encoding].nanosUntilDue(nowNanos));
    }
  }

  /** The same by a FIR, whose repetitions have one number. */
  void requestKeyFrame(int encoding, int requester, int command, long nowNanos) {
    if (encoding < keyFrames.length && streams[encoding] != null) {
      keyFrames[encoding].requestByCommand(requester % REQUESTERS, command, nowNanos);
      owner.wakeBy(nowNanos + keyFrames[encoding].nanosUntilDue(nowNanos));
    }
  }

  /** The number of a requester is to be another's. */
  void forgetRequester(int requester) {
    for (KeyFrameRequests requests : keyFrames) {
      requests.forget(requester % REQUESTERS);
    }
  }
}
