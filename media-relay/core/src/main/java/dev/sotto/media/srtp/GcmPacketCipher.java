package dev.sotto.media.srtp;

import dev.sotto.media.srtp.crypto.AesGcm;
import dev.sotto.media.srtp.crypto.CryptoEngine;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * The AEAD profiles (RFC 7714).
 *
 * <pre>
 *  SRTP   | header (associated) | ciphertext | tag |
 *  SRTCP  | 8 bytes (associated) | ciphertext | tag | E, index (associated) |
 *  E = 0  | packet (associated) | tag | E, index (associated) |
 *  vector   (0:16, SSRC:32, index:48) xor salt
 * </pre>
 */
final class GcmPacketCipher implements PacketCipher {
  private final AesGcm rtp;
  private final AesGcm rtcp;
  private final long rtpSaltHigh;
  private final int rtpSaltLow;
  private final long rtcpSaltHigh;
  private final int rtcpSaltLow;

  GcmPacketCipher(CryptoEngine engine, SessionKeys keys) {
    rtp = engine.aesGcm(keys.rtpKey());
    rtcp = engine.aesGcm(keys.rtcpKey());
    rtpSaltHigh = Salt.high(keys.rtpSalt());
    rtpSaltLow = (int) (Salt.low(keys.rtpSalt()) >>> 32);
    rtcpSaltHigh = Salt.high(keys.rtcpSalt());
    rtcpSaltLow = (int) (Salt.low(keys.rtcpSalt()) >>> 32);
  }

  /** RFC 7714 8.1 and 9.1: the index of SRTCP is padded to the same 48 bits. */
  private static long high(int ssrc, long index) {
    return (ssrc & 0xffff_ffffL) << 16 | index >>> 32;
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
    rtp.seal(
        high(ssrc, index) ^ rtpSaltHigh,
        (int) index ^ rtpSaltLow,
        headerLength,
        AesGcm.NO_WORD,
        payload,
        payloadOffset,
        packet,
        offset + headerLength,
        payloadLength);
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
    return rtp.open(
        high(ssrc, index) ^ rtpSaltHigh,
        (int) index ^ rtpSaltLow,
        headerLength,
        AesGcm.NO_WORD,
        packet,
        offset + headerLength,
        destination,
        destinationOffset,
        payloadLength);
  }

  @Override
  public void sealRtcp(MemorySegment packet, long offset, int length, int ssrc, int index) {
    int word = index | RtcpWord.ENCRYPTED;
    long text = offset + RtcpWord.CLEAR_BYTES;
    rtcp.seal(
        high(ssrc, index) ^ rtcpSaltHigh,
        index ^ rtcpSaltLow,
        RtcpWord.CLEAR_BYTES,
        word & 0xffff_ffffL,
        packet,
        text,
        packet,
        text,
        length - RtcpWord.CLEAR_BYTES);
    Wire.putU32(packet, offset + length + AesGcm.TAG_BYTES, word);
  }

  @Override
  public boolean openRtcp(MemorySegment packet, long offset, int length, int ssrc) {
    int word = rtcpWord(packet, offset, length);
    int index = RtcpWord.index(word);
    int clear = RtcpWord.isEncrypted(word) ? RtcpWord.CLEAR_BYTES : length;
    return rtcp.open(
        high(ssrc, index) ^ rtcpSaltHigh,
        index ^ rtcpSaltLow,
        clear,
        word & 0xffff_ffffL,
        packet,
        offset + clear,
        packet,
        offset + clear,
        length - clear);
  }

  @Override
  public int rtcpWord(MemorySegment packet, long offset, int length) {
    return Wire.i32(packet, offset + length + AesGcm.TAG_BYTES);
  }

  @Override
  public void close() {
    rtp.close();
    rtcp.close();
  }
}
