package dev.sotto.relay.conference;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** An RTP packet as bytes and back, written apart from the relay's own code. */
@SuppressWarnings("ArrayRecordComponent") // packets are compared by their parts, never as a whole
record Packet(
    long atNanos,
    int payloadType,
    boolean marker,
    int sequence,
    int timestamp,
    int ssrc,
    Map<Integer, byte[]> extensions,
    byte[] payload,
    int padding) {

  static Packet of(int payloadType, int sequence, int timestamp, int ssrc, byte[] payload) {
    return new Packet(
        0, payloadType, false, sequence, timestamp, ssrc, new TreeMap<>(), payload, 0);
  }

  Packet marked() {
    return new Packet(
        atNanos, payloadType, true, sequence, timestamp, ssrc, extensions, payload, padding);
  }

  Packet padded(int bytes) {
    return new Packet(
        atNanos, payloadType, marker, sequence, timestamp, ssrc, extensions, payload, bytes);
  }

  Packet with(int id, int... value) {
    byte[] bytes = new byte[value.length];
    for (int i = 0; i < value.length; i++) {
      bytes[i] = (byte) value[i];
    }
    return with(id, bytes);
  }

  Packet with(int id, String value) {
    return with(id, value.getBytes(StandardCharsets.US_ASCII));
  }

  Packet with(int id, byte[] value) {
    Map<Integer, byte[]> more = new TreeMap<>(extensions);
    more.put(id, value);
    return new Packet(
        atNanos, payloadType, marker, sequence, timestamp, ssrc, more, payload, padding);
  }

  /** Its RTX packet (RFC 4588 section 4). */
  Packet resent(int rtxType, int rtxSequence, int rtxSsrc) {
    byte[] more = new byte[payload.length + 2];
    ByteBuffer.wrap(more).putShort((short) sequence).put(payload);
    return new Packet(
        atNanos, rtxType, marker, rtxSequence, timestamp, rtxSsrc, extensions, more, 0);
  }

  /** Of an RTX packet: the number of the original. */
  int originalSequence() {
    return ByteBuffer.wrap(payload).getShort() & 0xffff;
  }

  byte[] originalPayload() {
    return Arrays.copyOfRange(payload, 2, payload.length);
  }

  byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(2048);
    boolean extended = !extensions.isEmpty();
    out.put((byte) (0x80 | (extended ? 0x10 : 0) | (padding > 0 ? 0x20 : 0)));
    out.put((byte) ((marker ? 0x80 : 0) | payloadType));
    out.putShort((short) sequence).putInt(timestamp).putInt(ssrc);
    if (extended) {
      putExtensions(out);
    }
    out.put(payload);
    if (padding > 0) {
      out.put(new byte[padding - 1]).put((byte) padding);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /** RFC 8285 section 4.2, or 4.3 where a value is longer than the one-byte form can say. */
  private void putExtensions(ByteBuffer out) {
    boolean twoByte = extensions.values().stream().anyMatch(value -> value.length > 16);
    out.putShort((short) (twoByte ? 0x1000 : 0xbede)).putShort((short) 0);
    int start = out.position();
    extensions.forEach((id, value) -> {
      if (twoByte) {
        out.put(id.byteValue()).put((byte) value.length);
      } else {
        out.put((byte) (id << 4 | value.length - 1));
      }
      out.put(value);
    });
    while ((out.position() - start) % 4 != 0) {
      out.put((byte) 0);
    }
    out.putShort(start - 2, (short) ((out.position() - start) / 4));
  }

  static Packet parse(byte[] bytes, long atNanos) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int first = in.get() & 0xff;
    int second = in.get() & 0xff;
    int sequence = in.getShort() & 0xffff;
    int timestamp = in.getInt();
    int ssrc = in.getInt();
    in.position(in.position() + 4 * (first & 0x0f));
    Map<Integer, byte[]> extensions = new TreeMap<>();
    if ((first & 0x10) != 0) {
      int profile = in.getShort() & 0xffff;
      int end = 4 * (in.getShort() & 0xffff) + in.position();
      readExtensions(in, end, profile != 0xbede, extensions);
      in.position(end);
    }
    int padding = (first & 0x20) != 0 ? bytes[bytes.length - 1] & 0xff : 0;
    byte[] payload = Arrays.copyOfRange(bytes, in.position(), bytes.length - padding);
    return new Packet(
        atNanos,
        second & 0x7f,
        (second & 0x80) != 0,
        sequence,
        timestamp,
        ssrc,
        extensions,
        payload,
        padding);
  }

  private static void readExtensions(
      ByteBuffer in, int end, boolean twoByte, Map<Integer, byte[]> into) {
    while (in.position() < end) {
      int first = in.get() & 0xff;
      if (first == 0) {
        continue;
      }
      int id = twoByte ? first : first >> 4;
      byte[] value = new byte[twoByte ? in.get() & 0xff : (first & 0x0f) + 1];
      in.get(value);
      into.put(id, value);
    }
  }
}
