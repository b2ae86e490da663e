package dev.sotto.media.srtp;

import dev.sotto.media.srtp.crypto.AesCounter;
import dev.sotto.media.srtp.crypto.CryptoEngine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The session keys of one direction, derived from its master key once (RFC 3711 4.3, a key
 * derivation rate of 0; RFC 7714 11 for the salts of 96 bits). Authentication keys are empty in the
 * AEAD profiles.
 */
final class SessionKeys {
  static final int RTP_ENCRYPTION = 0;
  static final int RTP_AUTHENTICATION = 1;
  static final int RTP_SALT = 2;
  static final int RTCP_ENCRYPTION = 3;
  static final int RTCP_AUTHENTICATION = 4;
  static final int RTCP_SALT = 5;

  private final byte[] rtpKey;
  private final byte[] rtpAuthenticationKey;
  private final byte[] rtpSalt;
  private final byte[] rtcpKey;
  private final byte[] rtcpAuthenticationKey;
  private final byte[] rtcpSalt;

  /** The arrays are taken over and cleared by {@link #clear}. */
  SessionKeys(
      byte[] rtpKey,
      byte[] rtpAuthenticationKey,
      byte[] rtpSalt,
      byte[] rtcpKey,
      byte[] rtcpAuthenticationKey,
      byte[] rtcpSalt) {
    this.rtpKey = rtpKey;
    this.rtpAuthenticationKey = rtpAuthenticationKey;
    this.rtpSalt = rtpSalt;
    this.rtcpKey = rtcpKey;
    this.rtcpAuthenticationKey = rtcpAuthenticationKey;
    this.rtcpSalt = rtcpSalt;
  }

  /**
   * @throws IllegalArgumentException when key or salt are not as long as the profile's
   */
  static SessionKeys derive(CryptoEngine engine, SrtpProfile profile, SrtpMasterKey master) {
    if (master.key().length != profile.keyBytes() || master.salt().length != profile.saltBytes()) {
      throw new IllegalArgumentException(profile + " has no key like " + master);
    }
    int authentication = profile.authenticationKeyBytes();
    try (AesCounter cipher = engine.aesCounter(master.key())) {
      return new SessionKeys(
          derive(cipher, master.salt(), RTP_ENCRYPTION, profile.keyBytes()),
          derive(cipher, master.salt(), RTP_AUTHENTICATION, authentication),
          derive(cipher, master.salt(), RTP_SALT, profile.saltBytes()),
          derive(cipher, master.salt(), RTCP_ENCRYPTION, profile.keyBytes()),
          derive(cipher, master.salt(), RTCP_AUTHENTICATION, authentication),
          derive(cipher, master.salt(), RTCP_SALT, profile.saltBytes()));
    }
  }

  /** The first bytes of the key stream that the pseudo-random function of 4.3.3 makes. */
  static byte[] derive(AesCounter cipher, byte[] masterSalt, int label, int bytes) {
    // With a derivation rate of 0 the key id is the label alone, in byte 7 of the 14-byte salt.
    long high = Salt.high(masterSalt) ^ label;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stream = arena.allocate(Math.max(bytes, 1));
      cipher.apply(high, Salt.low(masterSalt), stream, 0, stream, 0, bytes);
      byte[] derived = stream.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
      stream.fill((byte) 0);
      return derived;
    }
  }

  byte[] rtpKey() {
    return rtpKey;
  }

  byte[] rtpAuthenticationKey() {
    return rtpAuthenticationKey;
  }

  byte[] rtpSalt() {
    return rtpSalt;
  }

  byte[] rtcpKey() {
    return rtcpKey;
  }

  byte[] rtcpAuthenticationKey() {
    return rtcpAuthenticationKey;
  }

  byte[] rtcpSalt() {
    return rtcpSalt;
  }

  void clear() {
    Arrays.fill(rtpKey, (byte) 0);
    Arrays.fill(rtpAuthenticationKey, (byte) 0);
    Arrays.fill(rtpSalt, (byte) 0);
    Arrays.fill(rtcpKey, (byte) 0);
    Arrays.fill(rtcpAuthenticationKey, (byte) 0);
    Arrays.fill(rtcpSalt, (byte) 0);
  }
}
