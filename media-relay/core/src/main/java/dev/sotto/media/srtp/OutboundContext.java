package dev.sotto.media.srtp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * The cryptographic contexts of what is sent (RFC 3711 3.2.3): a session key, and per SSRC the
 * indices that were used. The index of a packet is the one closest to the highest sent, so that a
 * retransmission gets the rollover counter that it had, and every vector serves one packet only.
 */
final class OutboundContext implements AutoCloseable {
  private final PacketCipher cipher;
  private final int rtpTagBytes;
  private final int rtcpOverheadBytes;
  private final SsrcTable<SentPackets> rtp;
  private final SsrcTable<ControlIndex> rtcp;

  OutboundContext(SrtpProfile profile, PacketCipher cipher, int maxSsrcs) {
    this.cipher = cipher;
    rtpTagBytes = profile.rtpOverheadBytes();
    rtcpOverheadBytes = profile.rtcpOverheadBytes();
    rtp = new SsrcTable<>(maxSsrcs, SentPackets[]::new);
    rtcp = new SsrcTable<>(maxSsrcs, ControlIndex[]::new);
  }

  /** The index of the next SRTCP packet of one SSRC. */
  private static final class ControlIndex {
    long next;
  }

  int protectRtp(MemorySegment packet, long offset, int length) {
    Packets.checkBounds(packet, offset, (long) length + rtpTagBytes);
    int header = Packets.rtpHeaderLength(packet, offset, length);
    return header < 0
        ? header
        : protect(packet, offset, header, packet, offset + header, length - header);
  }

  int protectRtp(
      MemorySegment packet, long offset, int length, MemorySegment payload, long payloadOffset) {
    Packets.checkBounds(packet, offset, (long) length + rtpTagBytes);
    int header = Packets.rtpHeaderLength(packet, offset, length);
    if (header < 0) {
      return header;
    }
    int payloadLength = length - header;
    Packets.checkBounds(payload, payloadOffset, payloadLength);
    Packets.checkDisjoint(
        packet,
        offset + header,
        (long) payloadLength + rtpTagBytes,
        payload,
        payloadOffset,
        payloadLength);
    return protect(packet, offset, header, payload, payloadOffset, payloadLength);
  }

  private int protect(
      MemorySegment packet,
      long offset,
      int header,
      MemorySegment payload,
      long payloadOffset,
      int payloadLength) {
    int ssrc = Packets.rtpSsrc(packet, offset);
    int sequenceNumber = Packets.rtpSequenceNumber(packet, offset);
    int place = rtp.find(ssrc);
    if (place < 0) {
      return first(
          packet, offset, header, payload, payloadOffset, payloadLength, ssrc, sequenceNumber);
    }
    SentPackets sent = rtp.at(place);
    long index = PacketIndex.closest(sent.highest(), sequenceNumber);
    if (index < 0 || sent.isBehind(index)) {
      return SrtpRefusal.TOO_OLD.code();
    }
    if (index > PacketIndex.LAST) {
      return SrtpRefusal.KEY_EXHAUSTED.code();
    }
    cipher.sealRtp(packet, offset, header, payload, payloadOffset, payloadLength, ssrc, index);
    long tagOffset = offset + header + payloadLength;
    int tag = Wire.i32(packet, tagOffset);
    if (sent.differs(index, tag)) {
      // What was made must not leave: the two packets together would show the key's secrets.
      Wire.clear(packet, offset + header, payloadLength + rtpTagBytes);
      return SrtpRefusal.VECTOR_REUSED.code();
    }
    sent.add(index, tag);
    return header + payloadLength + rtpTagBytes;
  }

  private int first(
      MemorySegment packet,
      long offset,
      int header,
      MemorySegment payload,
      long payloadOffset,
      int payloadLength,
      int ssrc,
      int sequenceNumber) {
    if (rtp.isFull()) {
      return SrtpRefusal.TOO_MANY_SSRCS.code();
    }
    cipher.sealRtp(
        packet, offset, header, payload, payloadOffset, payloadLength, ssrc, sequenceNumber);
    int tag = Wire.i32(packet, offset + header + payloadLength);
    rtp.put(ssrc, new SentPackets(sequenceNumber, tag));
    return header + payloadLength + rtpTagBytes;
  }

  int protectRtcp(MemorySegment packet, long offset, int length) {
    Packets.checkBounds(packet, offset, (long) length + rtcpOverheadBytes);
    int refusal = Packets.checkRtcp(packet, offset, length);
    if (refusal < 0) {
      return refusal;
    }
    int ssrc = Packets.rtcpSsrc(packet, offset);
    int place = rtcp.find(ssrc);
    if (place < 0) {
      if (rtcp.isFull()) {
        return SrtpRefusal.TOO_MANY_SSRCS.code();
      }
      rtcp.put(ssrc, new ControlIndex());
      place = rtcp.find(ssrc);
    }
    ControlIndex index = rtcp.at(place);
    if (index.next > PacketIndex.LAST_RTCP) {
      return SrtpRefusal.KEY_EXHAUSTED.code();
    }
    cipher.sealRtcp(packet, offset, length, ssrc, (int) index.next);
    index.next++;
    return length + rtcpOverheadBytes;
  }

  /** For tests of what comes after 2^48 packets: the highest index sent, and the next of SRTCP. */
  void resume(int ssrc, long highestIndex, long nextControlIndex) {
    rtp.put(ssrc, new SentPackets(highestIndex, 0));
    ControlIndex index = new ControlIndex();
    index.next = nextControlIndex;
    rtcp.put(ssrc, index);
  }

  @Override
  public void close() {
    cipher.close();
  }
}
