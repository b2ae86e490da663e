package dev.sotto.media.srtp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * The cryptographic contexts of what is received: a session key, and per SSRC a replay window for
 * SRTP and one for SRTCP. An SSRC gets its state from its first packet that authenticates, so that
 * garbage costs no memory; the index of a packet is estimated by RFC 3711 3.3.1 from a rollover
 * counter that begins at 0.
 */
final class InboundContext implements AutoCloseable {
  private final PacketCipher cipher;
  private final int rtpTagBytes;
  private final int rtcpOverheadBytes;
  private final SsrcTable<ReplayWindow> rtp;
  private final SsrcTable<ReplayWindow> rtcp;

  InboundContext(SrtpProfile profile, PacketCipher cipher, int maxSsrcs) {
    this.cipher = cipher;
    rtpTagBytes = profile.rtpOverheadBytes();
    rtcpOverheadBytes = profile.rtcpOverheadBytes();
    rtp = new SsrcTable<>(maxSsrcs, ReplayWindow[]::new);
    rtcp = new SsrcTable<>(maxSsrcs, ReplayWindow[]::new);
  }

  int unprotectRtp(MemorySegment packet, long offset, int length) {
    Packets.checkBounds(packet, offset, length);
    int header = Packets.rtpHeaderLength(packet, offset, length - rtpTagBytes);
    return header < 0 ? header : unprotect(packet, offset, length, header, packet, offset + header);
  }

  int unprotectRtp(
      MemorySegment packet,
      long offset,
      int length,
      MemorySegment destination,
      long destinationOffset) {
    Packets.checkBounds(packet, offset, length);
    Packets.checkBounds(destination, destinationOffset, (long) length - rtpTagBytes);
    Packets.checkDisjoint(
        packet, offset, length, destination, destinationOffset, (long) length - rtpTagBytes);
    int header = Packets.rtpHeaderLength(packet, offset, length - rtpTagBytes);
    if (header < 0) {
      return header;
    }
    int result = unprotect(packet, offset, length, header, destination, destinationOffset + header);
    if (result >= 0) {
      Wire.copy(packet, offset, destination, destinationOffset, header);
    }
    return result;
  }

  private int unprotect(
      MemorySegment packet,
      long offset,
      int length,
      int header,
      MemorySegment destination,
      long payloadOffset) {
    int ssrc = Packets.rtpSsrc(packet, offset);
    int sequenceNumber = Packets.rtpSequenceNumber(packet, offset);
    int place = rtp.find(ssrc);
    long index =
        place < 0 ? sequenceNumber : PacketIndex.closest(rtp.at(place).highest(), sequenceNumber);
    if (index > PacketIndex.LAST) {
      return SrtpRefusal.KEY_EXHAUSTED.code();
    }
    int refusal = check(rtp, place, index);
    if (refusal < 0) {
      return refusal;
    }
    int payloadLength = length - header - rtpTagBytes;
    if (!cipher.openRtp(
        packet, offset, header, destination, payloadOffset, payloadLength, ssrc, index)) {
      return SrtpRefusal.AUTHENTICATION_FAILED.code();
    }
    see(rtp, place, ssrc, index);
    return length - rtpTagBytes;
  }

  int unprotectRtcp(MemorySegment packet, long offset, int length) {
    Packets.checkBounds(packet, offset, length);
    int plainLength = length - rtcpOverheadBytes;
    int refusal = Packets.checkRtcp(packet, offset, plainLength);
    if (refusal < 0) {
      return refusal;
    }
    int ssrc = Packets.rtcpSsrc(packet, offset);
    int place = rtcp.find(ssrc);
    int index = RtcpWord.index(cipher.rtcpWord(packet, offset, plainLength));
    refusal = check(rtcp, place, index);
    if (refusal < 0) {
      return refusal;
    }
    if (!cipher.openRtcp(packet, offset, plainLength, ssrc)) {
      return SrtpRefusal.AUTHENTICATION_FAILED.code();
    }
    see(rtcp, place, ssrc, index);
    return plainLength;
  }

  private static int check(SsrcTable<ReplayWindow> windows, int place, long index) {
    if (place < 0) {
      return windows.isFull() ? SrtpRefusal.TOO_MANY_SSRCS.code() : 0;
    }
    ReplayWindow window = windows.at(place);
    if (index < 0 || window.isBehind(index)) {
      return SrtpRefusal.TOO_OLD.code();
    }
    return window.hasSeen(index) ? SrtpRefusal.REPLAYED.code() : 0;
  }

  private static void see(SsrcTable<ReplayWindow> windows, int place, int ssrc, long index) {
    if (place < 0) {
      windows.put(ssrc, new ReplayWindow(ReplayWindow.RECEIVE_PACKETS, index));
    } else {
      windows.at(place).see(index);
    }
  }

  /** For tests of what comes after 2^48 packets: the highest index received. */
  void resume(int ssrc, long highestIndex) {
    rtp.put(ssrc, new ReplayWindow(ReplayWindow.RECEIVE_PACKETS, highestIndex));
  }

  /** How many SSRCs there is state for, of SRTP and of SRTCP. */
  int states() {
    return rtp.size() + rtcp.size();
  }

  @Override
  public void close() {
    cipher.close();
  }
}
