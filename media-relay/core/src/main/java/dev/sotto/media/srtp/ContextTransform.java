package dev.sotto.media.srtp;

import dev.sotto.media.srtp.crypto.CryptoEngine;
import java.lang.foreign.MemorySegment;

/** A transform of one context per direction, with any engine. */
final class ContextTransform implements SrtpTransform {
  private final SrtpProfile profile;
  private final OutboundContext outbound;
  private final InboundContext inbound;
  private boolean closed;

  /** The keys are cleared: the ciphers have copies of what they need. */
  ContextTransform(
      CryptoEngine engine,
      SrtpProfile profile,
      SessionKeys outboundKeys,
      SessionKeys inboundKeys,
      int maxSsrcs) {
    this.profile = profile;
    outbound = new OutboundContext(profile, cipher(engine, profile, outboundKeys), maxSsrcs);
    inbound = new InboundContext(profile, cipher(engine, profile, inboundKeys), maxSsrcs);
  }

  private static PacketCipher cipher(CryptoEngine engine, SrtpProfile profile, SessionKeys keys) {
    PacketCipher cipher =
        switch (profile) {
          case AEAD_AES_128_GCM, AEAD_AES_256_GCM -> new GcmPacketCipher(engine, keys);
          case AES_CM_128_HMAC_SHA1_80 -> new CounterModePacketCipher(engine, keys);
        };
    keys.clear();
    return cipher;
  }

  OutboundContext outbound() {
    return outbound;
  }

  InboundContext inbound() {
    return inbound;
  }

  @Override
  public SrtpProfile profile() {
    return profile;
  }

  @Override
  public int protectRtp(MemorySegment packet, long offset, int length) {
    requireOpen();
    return outbound.protectRtp(packet, offset, length);
  }

  @Override
  public int protectRtp(
      MemorySegment packet, long offset, int length, MemorySegment payload, long payloadOffset) {
    requireOpen();
    return outbound.protectRtp(packet, offset, length, payload, payloadOffset);
  }

  @Override
  public int unprotectRtp(MemorySegment packet, long offset, int length) {
    requireOpen();
    return inbound.unprotectRtp(packet, offset, length);
  }

  @Override
  public int unprotectRtp(
      MemorySegment packet,
      long offset,
      int length,
      MemorySegment destination,
      long destinationOffset) {
    requireOpen();
    return inbound.unprotectRtp(packet, offset, length, destination, destinationOffset);
  }

  @Override
  public int protectRtcp(MemorySegment packet, long offset, int length) {
    requireOpen();
    return outbound.protectRtcp(packet, offset, length);
  }

  @Override
  public int unprotectRtcp(MemorySegment packet, long offset, int length) {
    requireOpen();
    return inbound.unprotectRtcp(packet, offset, length);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the SRTP transform is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      outbound.close();
      inbound.close();
    }
  }
}
