package dev.sotto.media.selection;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dd.TemplateDependencyStructure;

/**
 * One receive slot of one receiver: projects whatever source occupies it into a single outgoing RTP
 * stream. Fed each packet of the source by its header fields and descriptor, it says whether the
 * packet goes out and as what. What was not chosen closes up; what is missing upstream leaves a
 * hole, and keeps its number for when it comes. No number is ever given to a second packet. Times
 * are nanoseconds. Owned by one event loop; allocates nothing after construction.
 *
 * <p>The marker says that a picture ends. It is kept where the sender has set it, and set on the
 * last packet of the decode target's highest spatial layer, since the layers above, one of which
 * has the sender's marker, do not go out. It is never taken away. For that to hold for every
 * picture the decode target changes at the first frame of a picture, with two exceptions: down,
 * before the frame that then is the last one; and of the temporal layer alone, where the picture is
 * of both targets.
 */
public final class SlotProjection {
  /** Encodings (RIDs) of a source; browsers send three. */
  public static final int MAX_ENCODINGS = 8;

  public static final long NO_CAPTURE_TIME = Long.MIN_VALUE;

  /** For a limit of layers that is none. */
  public static final int ALL_LAYERS = 7;

  /** No encoding. */
  public static final int NOTHING = -1;

  private final SlotKind kind;
  private final OutgoingStream stream;
  private final LayeredPath path;
  private final EncodingClocks encodings = new EncodingClocks();

  private int source;
  private boolean layered;
  private int wantedEncoding = NOTHING;
  private int wantedSpatialId;
  private int wantedTemporalId;

  /** The encoding of the stretch that is being filled. */
  private int encoding = NOTHING;

  private boolean stuck;
  private int keyFrameForJoin = NOTHING;

  /**
   * A slot that is empty. The first number and timestamp are random ones that the owner draws, the
   * number below 2^15 as RFC 3711 advises. The history is how many numbers can be asked for again,
   * a power of two in 64..32768: two seconds of packets are enough for retransmission.
   */
  public SlotProjection(
      SlotKind kind, int ssrc, int firstSequenceNumber, int firstTimestamp, int history) {
    if (Integer.bitCount(history) != 1
        || history < OutgoingStream.LONGEST_GAP
        || history > 1 << 15) {
      throw new IllegalArgumentException("history is a power of two, 64..32768: " + history);
    }
    this.kind = kind;
    TemplateDependencyStructure none = new DependencyDescriptor().structure();
    stream = new OutgoingStream(kind, ssrc, firstSequenceNumber, firstTimestamp, history, none);
    path = new LayeredPath(stream, none);
  }

  /** Gives the slot to a source, by a key of the owner's; a target has to be set for it. */
  public void occupy(int newSource) {
    pause();
    source = newSource;
    layered = false;
  }

  /** Nothing goes out until a target is set again; then a key frame is waited for. */
  public void pause() {
    wantedEncoding = NOTHING;
    encoding = NOTHING;
    encodings.clear();
    stream.stretches.closeToLate();
    keyFrameForJoin = NOTHING;
    stuck = false;
  }

  /**
   * What the receiver is to get at most: an encoding and within it the layers up to these, or
   * {@link #ALL_LAYERS}. Is reached as soon as the receiver can follow.
   */
  public void setTarget(int targetEncoding, int spatialId, int temporalId) {
    if (targetEncoding < 0 || targetEncoding >= MAX_ENCODINGS) {
      throw new IllegalArgumentException("encoding 0..7: " + targetEncoding);
    }
    wantedEncoding = targetEncoding;
    wantedSpatialId = spatialId;
    wantedTemporalId = temporalId;
  }

  /**
   * One packet of the source, in the order of arrival: its encoding, RTP sequence number, timestamp
   * and marker, the size of its payload, when it was captured by a clock that all encodings of the
   * source share (from sender reports or abs-capture-time; {@link #NO_CAPTURE_TIME} if unknown) and
   * when it arrived, and its descriptor. The rewrite is filled for FORWARD and FILL.
   */
  public Verdict project(
      int packetEncoding,
      int sequenceNumber,
      int timestamp,
      boolean marker,
      int payloadBytes,
      long captureNanos,
      long arrivalNanos,
      DependencyDescriptor descriptor,
      Rewrite into) {
    if (wantedEncoding == NOTHING || packetEncoding < 0 || packetEncoding >= MAX_ENCODINGS) {
      return Verdict.NOT_SELECTED;
    }
    if (!descriptor.isAbsent()) {
      seeDescriptor(packetEncoding, timestamp, descriptor);
    }
    into.encoding = packetEncoding;
    into.sourceSequenceNumber = sequenceNumber;
    into.sourceTimestamp = timestamp;
    long index = encodings.indexOf(packetEncoding, sequenceNumber);
    Verdict verdict;
    if (index <= encodings.projectedUpTo(packetEncoding)) {
      verdict = late(index, marker, payloadBytes, captureNanos, arrivalNanos, descriptor, into);
    } else if (packetEncoding == encoding) {
      verdict = newest(index, marker, payloadBytes, captureNanos, arrivalNanos, descriptor, into);
    } else if (packetEncoding == wantedEncoding) {
      verdict = begin(index, marker, payloadBytes, captureNanos, arrivalNanos, descriptor, into);
    } else {
      verdict = Verdict.NOT_SELECTED;
    }
    encodings.see(packetEncoding, index, timestamp);
    return verdict;
  }

  private void seeDescriptor(int packetEncoding, int timestamp, DependencyDescriptor descriptor) {
    if (descriptor.isUsable() && descriptor.hasStructure()) {
      encodings.seeKeyPicture(packetEncoding, timestamp);
    }
    if (!layered && kind == SlotKind.VIDEO) {
      layered = true;
      // What was forwarded whole has no frames to lean on.
      encoding = NOTHING;
    }
  }

  /** The next packet of the encoding that goes out. */
  private Verdict newest(
      long index,
      boolean marker,
      int payloadBytes,
      long captureNanos,
      long arrivalNanos,
      DependencyDescriptor descriptor,
      Rewrite into) {
    long expected = encodings.projectedUpTo(encoding) + 1;
    stream.keep(Math.max(expected, index - OutgoingStream.LONGEST_GAP), index);
    encodings.projectUpTo(encoding, index);
    if (payloadBytes == 0) {
      return Verdict.PADDING;
    }
    if (layered) {
      Verdict verdict =
          !descriptor.isUsable()
              ? Verdict.UNREADABLE
              : path.choose(
                  descriptor,
                  index == expected,
                  encodings.isKeyPicture(encoding, into.sourceTimestamp),
                  spatialLimit(),
                  wantedTemporalId,
                  index,
                  into.sourceTimestamp,
                  arrivalNanos);
      if (verdict == Verdict.UNREADABLE) {
        stream.keep(index, index + 1);
      }
      stuck = verdict == Verdict.UNREADABLE || verdict == Verdict.WAITING;
      if (verdict != Verdict.FORWARD) {
        return verdict;
      }
    }
    int flags = flags(stream.stretches.current(), marker, false, descriptor, into);
    stream.give(index, flags, captureNanos, arrivalNanos, into);
    return Verdict.FORWARD;
  }

  /** While another encoding is waited for, this one keeps its spatial layer. */
  private int spatialLimit() {
    return encoding == wantedEncoding ? wantedSpatialId : path.spatialId();
  }

  /** A packet of the wanted encoding, which does not go out yet. */
  private Verdict begin(
      long index,
      boolean marker,
      int payloadBytes,
      long captureNanos,
      long arrivalNanos,
      DependencyDescriptor descriptor,
      Rewrite into) {
    if (payloadBytes == 0) {
      return Verdict.PADDING;
    }
    int timestamp = into.sourceTimestamp;
    int target =
        layered
                && descriptor.isUsable()
                && startsInKeyPicture(wantedEncoding, timestamp, descriptor)
            ? LayerSelector.beginning(descriptor, wantedSpatialId, wantedTemporalId)
            : NOTHING;
    if (layered ? target == NOTHING : !mayBeginWhole(index, timestamp)) {
      return Verdict.WAITING;
    }
    long behind = encodings.behind(wantedEncoding, index);
    if (behind > OutgoingStream.LONGEST_GAP) {
      encodings.recount(wantedEncoding, index);
      behind = 0;
    }
    // RFC 3551, 4.1: the marker of audio begins a talkspurt, where a receiver may adapt its delay.
    boolean talkspurt = kind == SlotKind.AUDIO && !stream.stretches.isEmpty();
    encoding = wantedEncoding;
    int place = stream.open(index, source, encoding, timestamp, captureNanos, arrivalNanos);
    if (layered) {
      path.begin(place, target, descriptor, index, timestamp, arrivalNanos);
    } else if (kind == SlotKind.VIDEO) {
      keyFrameForJoin = encoding;
    }
    stream.give(
        index,
        flags(place, marker || talkspurt, false, descriptor, into),
        captureNanos,
        arrivalNanos,
        into);
    // What overtook the packet at which the receiver begins belongs behind it.
    long upTo = index + Math.max(behind, 0);
    stream.keep(index + 1, upTo + 1);
    encodings.projectUpTo(encoding, upTo);
    return Verdict.FORWARD;
  }

  private boolean startsInKeyPicture(
      int packetEncoding, int timestamp, DependencyDescriptor descriptor) {
    return descriptor.startOfFrame() && encodings.isKeyPicture(packetEncoding, timestamp);
  }

  private boolean mayBeginWhole(long index, int timestamp) {
    return kind == SlotKind.AUDIO
        || (encodings.behind(wantedEncoding, index) <= 0
            && encodings.isNewPicture(wantedEncoding, timestamp));
  }

  /** A packet from within what has been numbered: one that was missing, or a duplicate. */
  private Verdict late(
      long index,
      boolean marker,
      int payloadBytes,
      long captureNanos,
      long arrivalNanos,
      DependencyDescriptor descriptor,
      Rewrite into) {
    Stretches stretches = stream.stretches;
    int place = stretches.of(source, into.encoding, index, stream.numbers.lowest());
    if (place < 0) {
      return Verdict.TOO_LATE;
    }
    long number = stream.find(place, index);
    if (number < 0) {
      return Verdict.NOT_SELECTED;
    }
    if (stream.numbers.state(number) != NumberLedger.KEPT) {
      return Verdict.DUPLICATE;
    }
    boolean goesOut = into.encoding == encoding && payloadBytes > 0;
    if (goesOut && layered) {
      if (!descriptor.isUsable()) {
        return Verdict.UNREADABLE;
      }
      if (place == stretches.current()
          && path.isOfNextStructure(descriptor, spatialLimit(), wantedTemporalId)) {
        int target = LayerSelector.beginning(descriptor, spatialLimit(), wantedTemporalId);
        if (target < 0 || !startsInKeyPicture(encoding, into.sourceTimestamp, descriptor)) {
          return Verdict.UNREADABLE;
        }
        place = stretches.open(index, number);
        path.goOnWithStructure(place, target, descriptor, into.sourceTimestamp);
      }
      goesOut = path.chooseLate(place, descriptor, index, arrivalNanos);
    }
    if (!goesOut) {
      stream.fill(number, index, place, into);
      return Verdict.FILL;
    }
    int flags = flags(place, marker, true, descriptor, into);
    stream.giveKept(number, index, place, flags, captureNanos, arrivalNanos, into);
    return Verdict.FORWARD;
  }

  private int flags(
      int place, boolean marker, boolean late, DependencyDescriptor descriptor, Rewrite into) {
    if (!layered) {
      return marker ? NumberLedger.MARKER : 0;
    }
    boolean keyPicture = encodings.isKeyPicture(encoding, into.sourceTimestamp);
    return path.flags(place, marker, late, descriptor, keyPicture);
  }

  /**
   * Which packet of the source a receiver asks for. SENT: it goes out again by the rewrite, its
   * timestamp shifted by the rewrite's offset. KEPT: the rewrite names a packet that has not been
   * projected in time; where the owner has it, {@link #project} sends it now.
   */
  public Sought find(int sequenceNumber, Rewrite into) {
    return stream.find(sequenceNumber, into);
  }

  /**
   * The encoding of which a key frame is needed now, or {@link #NOTHING}; asked as often as the
   * owner likes. A need of a source without descriptor is said once, since it is not seen to end.
   */
  public int keyFrameWanted(long nowNanos) {
    if (wantedEncoding == NOTHING || kind == SlotKind.AUDIO) {
      return NOTHING;
    }
    if (encoding != wantedEncoding) {
      return wantedEncoding;
    }
    if (!layered) {
      int join = keyFrameForJoin;
      keyFrameForJoin = NOTHING;
      return join;
    }
    return stuck || path.wantsKeyFrame(nowNanos) ? encoding : NOTHING;
  }

  /** The encoding that goes out at present, or {@link #NOTHING}. */
  public int encoding() {
    return encoding;
  }

  /** What is added to timestamps of the encoding that goes out, for its sender reports too. */
  public int timestampOffset() {
    return stream.stretches.timestampOffset[stream.stretches.current()];
  }

  /** The highest spatial layer that goes out at present; 0 of what is forwarded whole. */
  public int spatialId() {
    return layered && encoding != NOTHING ? path.spatialId() : 0;
  }

  public int temporalId() {
    return layered && encoding != NOTHING ? path.temporalId() : 0;
  }

  /** The packet index that the last packet has, in order: sequence number and roll-overs. */
  public long highestPacketIndex() {
    return stream.numbers.highest();
  }
}
