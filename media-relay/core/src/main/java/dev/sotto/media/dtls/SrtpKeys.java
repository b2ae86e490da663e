package dev.sotto.media.dtls;

import dev.sotto.media.srtp.SrtpProfile;
import java.util.Arrays;

/**
 * The master keys and salts of one DTLS-SRTP association (RFC 5764 section 4.2), seen from the
 * relay's side. The getters give the arrays themselves, which {@link #close} fills with zeros: set
 * up both directions, then close.
 */
public final class SrtpKeys implements AutoCloseable {
  private final SrtpProfile profile;
  private final byte[] localKey;
  private final byte[] localSalt;
  private final byte[] remoteKey;
  private final byte[] remoteSalt;

  private SrtpKeys(
      SrtpProfile profile, byte[] localKey, byte[] localSalt, byte[] remoteKey, byte[] remoteSalt) {
    this.profile = profile;
    this.localKey = localKey;
    this.localSalt = localSalt;
    this.remoteKey = remoteKey;
    this.remoteSalt = remoteSalt;
  }

  /** Splits what the exporter gave: client key, server key, client salt, server salt. */
  static SrtpKeys split(SrtpProfile profile, byte[] material, DtlsRole role) {
    int key = profile.keyBytes();
    int salt = profile.saltBytes();
    byte[] clientKey = Arrays.copyOfRange(material, 0, key);
    byte[] serverKey = Arrays.copyOfRange(material, key, 2 * key);
    byte[] clientSalt = Arrays.copyOfRange(material, 2 * key, 2 * key + salt);
    byte[] serverSalt = Arrays.copyOfRange(material, 2 * key + salt, 2 * (key + salt));
    return role == DtlsRole.ACTIVE
        ? new SrtpKeys(profile, clientKey, clientSalt, serverKey, serverSalt)
        : new SrtpKeys(profile, serverKey, serverSalt, clientKey, clientSalt);
  }

  public SrtpProfile profile() {
    return profile;
  }

  /** Protects what the relay sends. */
  public byte[] localKey() {
    return localKey;
  }

  public byte[] localSalt() {
    return localSalt;
  }

  /** Protects what the endpoint sends. */
  public byte[] remoteKey() {
    return remoteKey;
  }

  public byte[] remoteSalt() {
    return remoteSalt;
  }

  /** Fills all four with zeros. */
  @Override
  public void close() {
    Arrays.fill(localKey, (byte) 0);
    Arrays.fill(localSalt, (byte) 0);
    Arrays.fill(remoteKey, (byte) 0);
    Arrays.fill(remoteSalt, (byte) 0);
  }
}
