package dev.sotto.benchmarks.relay;

import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * One stream that a peer sends: a recording, begun at a place of its own so that the senders of a
 * meeting do not send their frames together. The payload begins with the time at which it was sent.
 */
final class RtpSource {

  /** Nanoseconds since the epoch. */
  static final int STAMP_BYTES = 8;

  private static final int RTX_SSRC_DISTANCE = 500_000;
  private static final int ONE_BYTE_EXTENSIONS = 0xBEDE;
  private static final int EXTENSION_BIT = 0x10;
  private static final int MARKER_BIT = 0x80;

  /** RFC 6464: voice at -20 dBov. */
  private static final int SPEAKING = 0x80 | 20;

  private final Medium medium;
  private final int ssrc;
  private final int audience;
  private final Trace trace;
  private long next;
  private long originMicros;
  private long frameMicros;
  private boolean startsFrame = true;
  private int sequenceNumber;
  private long sent;
  private long sentBytes;

  /**
   * Makes a stream.
   *
   * @param audience how many peers are to get it
   * @param phase where in the recording it begins, 0 to 1
   */
  RtpSource(Medium medium, int ssrc, int audience, double phase) {
    this.medium = medium;
    this.ssrc = ssrc;
    this.audience = audience;
    this.trace = medium.trace();
    this.next = (long) (phase * trace.packets());
    this.sequenceNumber = ssrc & 0x7fff;
  }

  Medium medium() {
    return medium;
  }

  int ssrc() {
    return ssrc;
  }

  /** Named for retransmissions, which are never needed on loopback. */
  int rtxSsrc() {
    return ssrc + RTX_SSRC_DISTANCE;
  }

  int audience() {
    return audience;
  }

  /** Packets written so far. */
  long sent() {
    return sent;
  }

  /** Their payloads' bytes. */
  long sentBytes() {
    return sentBytes;
  }

  /** Goes on with the next packet at this time. */
  void resume(long nowMicros) {
    originMicros = nowMicros - trace.micros(next);
  }

  /** When the next packet is to leave, on the clock of {@link #resume}. */
  long dueMicros() {
    return originMicros + trace.micros(next);
  }

  /** The media clock of the frame that is being sent. */
  long rtpTimestamp() {
    return frameMicros * (medium.clockRateHz() / 1000) / 1000 & 0xffff_ffffL;
  }

  /**
   * Writes the next packet, in clear. What stands where its payload goes stays, but for the stamp.
   *
   * @param transportSequenceNumber of the transport, or -1 where none is negotiated
   * @return its length
   */
  int write(MemorySegment memory, long offset, int transportSequenceNumber, long stampNanos) {
    if (startsFrame) {
      frameMicros = trace.micros(next);
    }
    boolean marker = trace.marker(next);
    int payloadBytes = trace.payloadBytes(next);
    startsFrame = marker || medium == Medium.AUDIO;
    next++;
    sent++;
    sentBytes += payloadBytes;

    Wire.putU8(memory, offset + 1, medium.payloadType() | (marker ? MARKER_BIT : 0));
    Wire.putU16(memory, offset + 2, sequenceNumber++);
    Wire.putU32(memory, offset + 4, rtpTimestamp());
    Wire.putU32(memory, offset + 8, ssrc);
    int header = writeExtensions(memory, offset, transportSequenceNumber);
    Wire.putI64(memory, offset + header, stampNanos);
    return header + payloadBytes;
  }

  private int writeExtensions(MemorySegment memory, long offset, int transportSequenceNumber) {
    long start = offset + RtpPacket.FIXED_HEADER_BYTES + RtpPacket.EXTENSION_HEADER_BYTES;
    long at = start;
    if (medium == Medium.AUDIO) {
      Wire.putU8(memory, at, Medium.AUDIO_LEVEL_ID << 4);
      Wire.putU8(memory, at + 1, SPEAKING);
      at += 2;
    }
    if (transportSequenceNumber >= 0) {
      Wire.putU8(memory, at, Medium.TRANSPORT_SEQUENCE_NUMBER_ID << 4 | 1);
      Wire.putU16(memory, at + 1, transportSequenceNumber);
      at += 3;
    }
    boolean extended = at > start;
    Wire.putU8(memory, offset, RtpPacket.VERSION << 6 | (extended ? EXTENSION_BIT : 0));
    if (!extended) {
      return RtpPacket.FIXED_HEADER_BYTES;
    }
    while ((at - start & 3) != 0) {
      Wire.putU8(memory, at++, 0);
    }
    Wire.putU16(memory, start - 4, ONE_BYTE_EXTENSIONS);
    Wire.putU16(memory, start - 2, (int) (at - start) / 4);
    return (int) (at - offset);
  }
}
