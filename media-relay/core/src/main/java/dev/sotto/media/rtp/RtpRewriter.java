package dev.sotto.media.rtp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Writes a packet again for one receiver: other numbers, other identifiers of extensions, elements
 * dropped, added or replaced. {@code begin}, then setters, then one of the {@code write}s, which go
 * over the header once. Values to copy are read from where they stand when it is written. The
 * source may be the buffer of the network, never the target. Nothing is allocated.
 *
 * <p>One-byte form is used where it holds all elements, else two-byte form if the receiver allows a
 * mixture (RFC 8285 section 4.1.2); if not, what does not fit is left out, see {@link #isComplete}.
 * CSRCs are kept, padding of the source is not.
 */
public final class RtpRewriter {
  /** What a write says when the target has too little room; nothing was written then. */
  public static final int NO_ROOM = -1;

  /** What {@link #valueOffset} says of an extension that was not written. */
  public static final long NOT_WRITTEN = -1;

  public static final int MAX_PADDING_BYTES = 255;

  private static final int ONE_BYTE_MAX_LENGTH = 16;
  private static final int TWO_BYTE_MAX_LENGTH = 255;
  private static final int END_TO_END = endToEndTypes();

  private final MemorySegment[] valueSegments = new MemorySegment[ExtensionType.COUNT];
  private final long[] valueOffsets = new long[ExtensionType.COUNT];
  private final int[] valueLengths = new int[ExtensionType.COUNT];
  private final int[] numbers = new int[ExtensionType.COUNT];
  private final long[] writtenOffsets = new long[ExtensionType.COUNT];

  private ExtensionMap map = ExtensionMap.EMPTY;
  private MemorySegment source = MemorySegment.NULL;
  private long csrcOffset;
  private int csrcCount;
  private long payloadOffset;
  private int payloadLength;
  private int paddingLength;
  private boolean marker;
  private int payloadType;
  private int sequenceNumber;
  private long timestamp;
  private int ssrc;

  /** Types to write, one bit each; those also in {@link #asNumber} are held as a number. */
  private int present;

  private int asNumber;

  private boolean laidOut;
  private boolean twoByte;
  private int written;
  private int elementBytes;

  public RtpRewriter() {
    Arrays.fill(valueSegments, MemorySegment.NULL);
  }

  private static int endToEndTypes() {
    int bits = 0;
    for (ExtensionType type : ExtensionType.values()) {
      bits |= type.isEndToEnd() ? type.bit() : 0;
    }
    return bits;
  }

  /**
   * Starts from a received packet: its numbers and payload, and of its extensions those that are
   * end to end.
   */
  public RtpRewriter begin(RtpPacket packet, HeaderExtensions extensions, ExtensionMap receiver) {
    reset(receiver);
    source = packet.segment();
    csrcOffset = packet.csrcOffset();
    csrcCount = packet.csrcCount();
    payloadOffset = packet.payloadOffset();
    payloadLength = packet.payloadLength();
    marker = packet.marker();
    payloadType = packet.payloadType();
    sequenceNumber = packet.sequenceNumber();
    timestamp = packet.timestamp();
    ssrc = packet.ssrc();
    present = extensions.present() & END_TO_END;
    for (int left = present; left != 0; left &= left - 1) {
      ExtensionType type = ExtensionType.at(Integer.numberOfTrailingZeros(left));
      setValue(type, extensions.segment(), extensions.offset(type), extensions.length(type));
    }
    return this;
  }

  /** Starts from nothing: a packet without payload, such as one of padding only. */
  public RtpRewriter begin(ExtensionMap receiver) {
    reset(receiver);
    source = MemorySegment.NULL;
    csrcCount = 0;
    payloadOffset = 0;
    payloadLength = 0;
    marker = false;
    payloadType = 0;
    sequenceNumber = 0;
    timestamp = 0;
    ssrc = 0;
    present = 0;
    return this;
  }

  private void reset(ExtensionMap receiver) {
    map = receiver;
    asNumber = 0;
    paddingLength = 0;
    laidOut = false;
    written = 0;
  }

  public RtpRewriter ssrc(int value) {
    ssrc = value;
    return this;
  }

  public RtpRewriter sequenceNumber(int value) {
    sequenceNumber = value;
    return this;
  }

  public RtpRewriter timestamp(long value) {
    timestamp = value;
    return this;
  }

  public RtpRewriter payloadType(int value) {
    payloadType = value;
    return this;
  }

  public RtpRewriter marker(boolean value) {
    marker = value;
    return this;
  }

  /** Appends padding of 1 to 255 bytes, its count included; 0 for none. */
  public RtpRewriter padding(int bytes) {
    paddingLength = Math.clamp(bytes, 0, MAX_PADDING_BYTES);
    return this;
  }

  public RtpRewriter drop(ExtensionType type) {
    present &= ~type.bit();
    laidOut = false;
    return this;
  }

  /** Adds or replaces an element; its bytes have to stay until the packet is written. */
  public RtpRewriter put(ExtensionType type, MemorySegment segment, long offset, int length) {
    setValue(type, segment, offset, length);
    present |= type.bit();
    asNumber &= ~type.bit();
    laidOut = false;
    return this;
  }

  private void setValue(ExtensionType type, MemorySegment segment, long offset, int length) {
    valueSegments[type.index()] = segment;
    valueOffsets[type.index()] = offset;
    valueLengths[type.index()] = length;
  }

  /** The low 16 bits of the value. */
  public RtpRewriter transportSequenceNumber(int value) {
    return putNumber(ExtensionType.TRANSPORT_SEQUENCE_NUMBER, value, 2);
  }

  /** 24 bits in the format of {@link AbsSendTime}. */
  public RtpRewriter absSendTime(int value) {
    return putNumber(ExtensionType.ABS_SEND_TIME, value, 3);
  }

  /** A level of 0 to 127, in -dBov. */
  public RtpRewriter audioLevel(int level, boolean voiceActivity) {
    return putNumber(ExtensionType.AUDIO_LEVEL, (level & 0x7f) | (voiceActivity ? 0x80 : 0), 1);
  }

  /** Delays in steps of 10 ms, 0 to 40950. */
  public RtpRewriter playoutDelay(int minMillis, int maxMillis) {
    int min = Math.clamp(minMillis / 10, 0, 0xfff);
    int max = Math.clamp(maxMillis / 10, 0, 0xfff);
    return putNumber(ExtensionType.PLAYOUT_DELAY, min << 12 | max, 3);
  }

  private RtpRewriter putNumber(ExtensionType type, int value, int length) {
    numbers[type.index()] = value;
    valueLengths[type.index()] = length;
    present |= type.bit();
    asNumber |= type.bit();
    laidOut = false;
    return this;
  }

  /** Whether every element that was asked for and negotiated by the receiver fits. */
  public boolean isComplete() {
    layOut();
    for (int left = present & ~written; left != 0; left &= left - 1) {
      if (map.idAt(Integer.numberOfTrailingZeros(left)) != ExtensionMap.NONE) {
        return false;
      }
    }
    return true;
  }

  /** Chooses the form and what fits into it. */
  private void layOut() {
    if (laidOut) {
      return;
    }
    laidOut = true;
    int negotiated = 0;
    int small = 0;
    int smallBytes = 0;
    int bytes = 0;
    int count = 0;
    for (int left = present; left != 0; left &= left - 1) {
      int type = Integer.numberOfTrailingZeros(left);
      int id = map.idAt(type);
      int length = valueLengths[type];
      if (id == ExtensionMap.NONE || length > TWO_BYTE_MAX_LENGTH) {
        continue;
      }
      negotiated |= 1 << type;
      bytes += length;
      count++;
      if (id <= ExtensionMap.MAX_ONE_BYTE_ID && length > 0 && length <= ONE_BYTE_MAX_LENGTH) {
        small |= 1 << type;
        smallBytes += 1 + length;
      }
    }
    twoByte = map.needsTwoByteForm() && !map.isMixedAllowed();
    twoByte |= small != negotiated && map.isMixedAllowed();
    written = twoByte ? negotiated : small;
    elementBytes = twoByte ? bytes + 2 * count : smallBytes;
  }

  /** Bytes before the payload. */
  public int headerLength() {
    layOut();
    int fixed = RtpPacket.FIXED_HEADER_BYTES + 4 * csrcCount;
    return elementBytes == 0
        ? fixed
        : fixed + RtpPacket.EXTENSION_HEADER_BYTES + words(elementBytes) * 4;
  }

  public MemorySegment payloadSegment() {
    return source;
  }

  public long payloadOffset() {
    return payloadOffset;
  }

  public int payloadLength() {
    return payloadLength;
  }

  /** The whole packet. Returns its length, or {@link #NO_ROOM}. */
  public int write(MemorySegment target, long offset, int capacity) {
    int total = headerLength() + payloadLength + paddingLength;
    if (total > capacity) {
      return NO_ROOM;
    }
    int header = writeHeader(target, offset, capacity);
    Wire.copy(source, payloadOffset, target, offset + header, payloadLength);
    if (paddingLength > 0) {
      long padding = offset + header + payloadLength;
      for (int i = 0; i < paddingLength - 1; i++) {
        Wire.putU8(target, padding + i, 0);
      }
      Wire.putU8(target, padding + paddingLength - 1, paddingLength);
    }
    return total;
  }

  /**
   * The header alone, for a payload that is put behind it by other means. Returns its length, or
   * {@link #NO_ROOM}.
   */
  public int writeHeader(MemorySegment target, long offset, int capacity) {
    int header = headerLength();
    if (header > capacity) {
      return NO_ROOM;
    }
    int first = RtpPacket.VERSION << 6 | csrcCount;
    first |= paddingLength > 0 ? RtpPacket.PADDING_BIT : 0;
    first |= elementBytes > 0 ? RtpPacket.EXTENSION_BIT : 0;
    Wire.putU8(target, offset, first);
    int type = (payloadType & ~RtpPacket.MARKER_BIT) | (marker ? RtpPacket.MARKER_BIT : 0);
    Wire.putU8(target, offset + RtpPacket.PAYLOAD_TYPE_OFFSET, type);
    Wire.putU16(target, offset + RtpPacket.SEQUENCE_NUMBER_OFFSET, sequenceNumber);
    Wire.putU32(target, offset + RtpPacket.TIMESTAMP_OFFSET, timestamp);
    Wire.putU32(target, offset + RtpPacket.SSRC_OFFSET, ssrc);
    long position = offset + RtpPacket.FIXED_HEADER_BYTES;
    for (int i = 0; i < csrcCount; i++) {
      Wire.putU32(target, position, Wire.u32(source, csrcOffset + 4L * i));
      position += 4;
    }
    if (elementBytes > 0) {
      writeExtension(target, position);
    }
    return header;
  }

  private void writeExtension(MemorySegment target, long start) {
    int profile = twoByte ? ExtensionElements.TWO_BYTE_PROFILE : ExtensionElements.ONE_BYTE_PROFILE;
    Wire.putU16(target, start, profile);
    Wire.putU16(target, start + 2, words(elementBytes));
    long position = start + RtpPacket.EXTENSION_HEADER_BYTES;
    for (int left = written; left != 0; left &= left - 1) {
      position = writeElement(target, position, Integer.numberOfTrailingZeros(left));
    }
    for (int rest = -elementBytes & 3; rest > 0; rest--) {
      Wire.putU8(target, position++, 0);
    }
  }

  private long writeElement(MemorySegment target, long start, int type) {
    int id = map.idAt(type);
    int length = valueLengths[type];
    long value;
    if (twoByte) {
      Wire.putU8(target, start, id);
      Wire.putU8(target, start + 1, length);
      value = start + 2;
    } else {
      Wire.putU8(target, start, id << 4 | (length - 1));
      value = start + 1;
    }
    writtenOffsets[type] = value;
    if ((asNumber & 1 << type) != 0) {
      writeNumber(target, value, numbers[type], length);
    } else {
      copyValue(valueSegments[type], valueOffsets[type], target, value, length);
    }
    return value + length;
  }

  private static void writeNumber(MemorySegment target, long offset, int value, int length) {
    switch (length) {
      case 1 -> Wire.putU8(target, offset, value);
      case 2 -> Wire.putU16(target, offset, value);
      default -> Wire.putU24(target, offset, value);
    }
  }

  /** Most values are a few bytes, which a call for a bulk copy would cost more than. */
  private static void copyValue(
      MemorySegment from, long fromOffset, MemorySegment to, long toOffset, int length) {
    if (length > 2 * Long.BYTES) {
      Wire.copy(from, fromOffset, to, toOffset, length);
    } else if (length >= Long.BYTES) {
      int last = length - Long.BYTES;
      Wire.putI64(to, toOffset, Wire.i64(from, fromOffset));
      Wire.putI64(to, toOffset + last, Wire.i64(from, fromOffset + last));
    } else {
      for (int i = 0; i < length; i++) {
        Wire.putU8(to, toOffset + i, Wire.u8(from, fromOffset + i));
      }
    }
  }

  /**
   * Where in the target the value of an extension was written, to be corrected there when the
   * packet leaves (a transport-wide number, a send time); {@link #NOT_WRITTEN}.
   */
  public long valueOffset(ExtensionType type) {
    return (written & type.bit()) != 0 ? writtenOffsets[type.index()] : NOT_WRITTEN;
  }

  private static int words(int bytes) {
    return (bytes + 3) / 4;
  }
}
