package dev.sotto.media.srtp;

import java.util.Arrays;

/**
 * A master key and its salt for one direction (RFC 3711 3.2.1). Holds copies; {@link #clear}
 * overwrites them once the session keys are derived. Never prints its bytes.
 */
public final class SrtpMasterKey {
  private final byte[] key;
  private final byte[] salt;

  public SrtpMasterKey(byte[] key, byte[] salt) {
    this.key = key.clone();
    this.salt = salt.clone();
  }

  byte[] key() {
    return key;
  }

  byte[] salt() {
    return salt;
  }

  public void clear() {
    Arrays.fill(key, (byte) 0);
    Arrays.fill(salt, (byte) 0);
  }

  @Override
  public String toString() {
    return "SrtpMasterKey of " + key.length + "+" + salt.length + " bytes";
  }
}
