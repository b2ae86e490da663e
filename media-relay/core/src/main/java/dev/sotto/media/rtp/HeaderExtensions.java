package dev.sotto.media.rtp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Flyweight over the negotiated header extensions of one packet: one pass finds them all, then each
 * is had by its type. Unknown identifiers, repetitions and values of an impossible length count as
 * absent. Nothing is allocated; ids such as mid are compared as bytes, see {@link StreamIds}.
 */
public final class HeaderExtensions {
  /** What getters of numbers say of an absent extension. */
  public static final int ABSENT = -1;

  private static final int VOICE_ACTIVITY_BIT = 0x80;
  private static final int PLAYOUT_DELAY_STEP_MILLIS = 10;

  private final ExtensionElements elements = new ExtensionElements();
  private final long[] offsets = new long[ExtensionType.COUNT];
  private final int[] lengths = new int[ExtensionType.COUNT];
  private MemorySegment segment = MemorySegment.NULL;
  private int present;

  /**
   * Reads the extensions of a packet with the identifiers of its sender.
   *
   * @return false when an element is cut off by the end of the extension; those before it are there
   */
  public boolean wrap(RtpPacket packet, ExtensionMap map) {
    segment = packet.segment();
    present = 0;
    elements.wrap(packet);
    while (elements.next()) {
      int type = map.typeOrdinal(elements.id());
      if (type >= 0
          && (present & 1 << type) == 0
          && ExtensionType.at(type).accepts(elements.valueLength())) {
        present |= 1 << type;
        offsets[type] = elements.valueOffset();
        lengths[type] = elements.valueLength();
      }
    }
    return !elements.isMalformed();
  }

  /** The types that are there, one {@link ExtensionType#bit} each. */
  int present() {
    return present;
  }

  public boolean has(ExtensionType type) {
    return (present & type.bit()) != 0;
  }

  public MemorySegment segment() {
    return segment;
  }

  /** Where the value of an extension that is there starts. */
  public long offset(ExtensionType type) {
    return offsets[type.index()];
  }

  /** Bytes of the value, 0 when absent. */
  public int length(ExtensionType type) {
    return has(type) ? lengths[type.index()] : 0;
  }

  /** RFC 6464: 0 the loudest to 127 silence, in -dBov; {@link #ABSENT}. */
  public int audioLevel() {
    return has(ExtensionType.AUDIO_LEVEL)
        ? u8(ExtensionType.AUDIO_LEVEL) & ~VOICE_ACTIVITY_BIT
        : ABSENT;
  }

  /** RFC 6464: whether the sender believes that somebody speaks. */
  public boolean voiceActivity() {
    return has(ExtensionType.AUDIO_LEVEL)
        && (u8(ExtensionType.AUDIO_LEVEL) & VOICE_ACTIVITY_BIT) != 0;
  }

  /** 0 to 65535, or {@link #ABSENT}. */
  public int transportSequenceNumber() {
    return has(ExtensionType.TRANSPORT_SEQUENCE_NUMBER)
        ? Wire.u16(segment, offset(ExtensionType.TRANSPORT_SEQUENCE_NUMBER))
        : ABSENT;
  }

  /** 24 bits in the format of {@link AbsSendTime}, or {@link #ABSENT}. */
  public int absSendTime() {
    return has(ExtensionType.ABS_SEND_TIME)
        ? Wire.u24(segment, offset(ExtensionType.ABS_SEND_TIME))
        : ABSENT;
  }

  /** When the frame was captured, as {@link NtpTime} of the capturer; 0 when absent. */
  public long absCaptureTimeNtp() {
    return has(ExtensionType.ABS_CAPTURE_TIME)
        ? Wire.i64(segment, offset(ExtensionType.ABS_CAPTURE_TIME))
        : 0;
  }

  /**
   * How far the capturer's clock is ahead of the sender's, in 2^-32 s; 0 when not said. To be asked
   * for when {@link #hasCaptureClockOffset}.
   */
  public long captureClockOffset() {
    return hasCaptureClockOffset()
        ? Wire.i64(segment, offset(ExtensionType.ABS_CAPTURE_TIME) + Long.BYTES)
        : 0;
  }

  public boolean hasCaptureClockOffset() {
    return length(ExtensionType.ABS_CAPTURE_TIME) == 2 * Long.BYTES;
  }

  /** How far the receiver turns the picture clockwise: 0, 90, 180, 270, or {@link #ABSENT}. */
  public int rotationDegrees() {
    return has(ExtensionType.VIDEO_ORIENTATION)
        ? 90 * (u8(ExtensionType.VIDEO_ORIENTATION) & 0x03)
        : ABSENT;
  }

  /** The least playout delay asked for, 0 to 40950 ms in steps of 10, or {@link #ABSENT}. */
  public int minPlayoutDelayMillis() {
    return has(ExtensionType.PLAYOUT_DELAY) ? playoutDelayMillis(12) : ABSENT;
  }

  /** The greatest playout delay asked for, 0 to 40950 ms in steps of 10, or {@link #ABSENT}. */
  public int maxPlayoutDelayMillis() {
    return has(ExtensionType.PLAYOUT_DELAY) ? playoutDelayMillis(0) : ABSENT;
  }

  private int playoutDelayMillis(int shift) {
    int both = Wire.u24(segment, offset(ExtensionType.PLAYOUT_DELAY));
    return PLAYOUT_DELAY_STEP_MILLIS * (both >>> shift & 0xfff);
  }

  private int u8(ExtensionType type) {
    return Wire.u8(segment, offset(type));
  }
}
