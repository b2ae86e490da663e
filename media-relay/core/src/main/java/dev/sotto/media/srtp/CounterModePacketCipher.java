package dev.sotto.media.srtp;

import dev.sotto.media.srtp.crypto.AesCounter;
import dev.sotto.media.srtp.crypto.CryptoEngine;
import dev.sotto.media.srtp.crypto.HmacSha1;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * AES in counter mode with HMAC-SHA1 (RFC 3711 4.1.1 and 4.2.1): encrypted, then authenticated.
 *
 * <pre>
 *  SRTP     | header | ciphertext | tag |                  tag over packet and rollover counter
 *  SRTCP    | 8 bytes | ciphertext | E, index | tag |      tag over all before it
 *  counter  (salt:112, 0:16) xor (0:32, SSRC:32, index:48, 0:16)
 * </pre>
 *
 * The rollover counter is no part of the packet: it is lent the first bytes of the tag's place, so
 * that one call digests both.
 */
final class CounterModePacketCipher implements PacketCipher {
  private final AesCounter rtp;
  private final HmacSha1 rtpTag;
  private final AesCounter rtcp;
  private final HmacSha1 rtcpTag;
  private final long rtpSaltHigh;
  private final long rtpSaltLow;
  private final long rtcpSaltHigh;
  private final long rtcpSaltLow;

  CounterModePacketCipher(CryptoEngine engine, SessionKeys keys) {
    rtp = engine.aesCounter(keys.rtpKey());
    rtpTag = engine.hmacSha1(keys.rtpAuthenticationKey());
    rtcp = engine.aesCounter(keys.rtcpKey());
    rtcpTag = engine.hmacSha1(keys.rtcpAuthenticationKey());
    rtpSaltHigh = Salt.high(keys.rtpSalt());
    rtpSaltLow = Salt.low(keys.rtpSalt());
    rtcpSaltHigh = Salt.high(keys.rtcpSalt());
    rtcpSaltLow = Salt.low(keys.rtcpSalt());
  }

  @Override
  public void sealRtp(
      MemorySegment packet,
      long offset,
      int headerLength,
      MemorySegment payload,
      long payloadOffset,
      int payloadLength,
      int ssrc,
      long index) {
    long text = offset + headerLength;
    cryptRtp(payload, payloadOffset, packet, text, payloadLength, ssrc, index);
    Wire.putU32(packet, text + payloadLength, index >>> 16);
    rtpTag.digest(packet, offset, headerLength + payloadLength + 4);
    write(rtpTag, packet, text + payloadLength);
  }

  @Override
  public boolean openRtp(
      MemorySegment packet,
      long offset,
      int headerLength,
      MemorySegment destination,
      long destinationOffset,
      int payloadLength,
      int ssrc,
      long index) {
    long text = offset + headerLength;
    long tag = text + payloadLength;
    long tagHigh = Wire.i64(packet, tag);
    int tagLow = Wire.u16(packet, tag + 8);
    Wire.putU32(packet, tag, index >>> 16);
    rtpTag.digest(packet, offset, headerLength + payloadLength + 4);
    Wire.putI64(packet, tag, tagHigh);
    if (!isEqual(rtpTag, tagHigh, tagLow)) {
      return false;
    }
    cryptRtp(packet, text, destination, destinationOffset, payloadLength, ssrc, index);
    return true;
  }

  private void cryptRtp(
      MemorySegment from,
      long fromOffset,
      MemorySegment to,
      long toOffset,
      int length,
      int ssrc,
      long index) {
    if (length > 0) {
      rtp.apply(
          rtpSaltHigh ^ (ssrc & 0xffff_ffffL),
          rtpSaltLow ^ index << 16,
          from,
          fromOffset,
          to,
          toOffset,
          length);
    }
  }

  @Override
  public void sealRtcp(MemorySegment packet, long offset, int length, int ssrc, int index) {
    cryptRtcp(packet, offset, length, ssrc, index);
    Wire.putU32(packet, offset + length, index | RtcpWord.ENCRYPTED);
    rtcpTag.digest(packet, offset, length + SrtpProfile.SRTCP_WORD_BYTES);
    write(rtcpTag, packet, offset + length + SrtpProfile.SRTCP_WORD_BYTES);
  }

  @Override
  public boolean openRtcp(MemorySegment packet, long offset, int length, int ssrc) {
    long tag = offset + length + SrtpProfile.SRTCP_WORD_BYTES;
    rtcpTag.digest(packet, offset, length + SrtpProfile.SRTCP_WORD_BYTES);
    if (!isEqual(rtcpTag, Wire.i64(packet, tag), Wire.u16(packet, tag + 8))) {
      return false;
    }
    int word = rtcpWord(packet, offset, length);
    if (RtcpWord.isEncrypted(word)) {
      cryptRtcp(packet, offset, length, ssrc, RtcpWord.index(word));
    }
    return true;
  }

  private void cryptRtcp(MemorySegment packet, long offset, int length, int ssrc, int index) {
    if (length > RtcpWord.CLEAR_BYTES) {
      rtcp.apply(
          rtcpSaltHigh ^ (ssrc & 0xffff_ffffL),
          rtcpSaltLow ^ (long) index << 16,
          packet,
          offset + RtcpWord.CLEAR_BYTES,
          packet,
          offset + RtcpWord.CLEAR_BYTES,
          length - RtcpWord.CLEAR_BYTES);
    }
  }

  @Override
  public int rtcpWord(MemorySegment packet, long offset, int length) {
    return Wire.i32(packet, offset + length);
  }

  private static void write(HmacSha1 hmac, MemorySegment packet, long offset) {
    Wire.putI64(packet, offset, hmac.tagHigh());
    Wire.putU16(packet, offset + 8, hmac.tagLow());
  }

  /** In constant time: both parts are always looked at. */
  private static boolean isEqual(HmacSha1 hmac, long tagHigh, int tagLow) {
    return ((hmac.tagHigh() ^ tagHigh) | (hmac.tagLow() ^ tagLow)) == 0;
  }

  @Override
  public void close() {
    rtp.close();
    rtpTag.close();
    rtcp.close();
    rtcpTag.close();
  }
}
