package dev.sotto.media.srtp;

import java.util.Arrays;

/**
 * The two master keys that a DTLS handshake exports (RFC 5764 4.2). The exporter's label is {@link
 * #EXPORTER_LABEL}, without context; its {@link SrtpProfile#exportedBytes} are client key, server
 * key, client salt, server salt.
 */
public record DtlsSrtpKeys(SrtpMasterKey clientWrite, SrtpMasterKey serverWrite) {
  public static final String EXPORTER_LABEL = "EXTRACTOR-dtls_srtp";

  /**
   * Takes the exported bytes apart; they are copied, and the caller's to clear.
   *
   * @throws IllegalArgumentException when their number is not the profile's
   */
  public static DtlsSrtpKeys of(SrtpProfile profile, byte[] exported) {
    if (exported.length != profile.exportedBytes()) {
      throw new IllegalArgumentException(
          profile
              + " needs "
              + profile.exportedBytes()
              + " exported bytes, not "
              + exported.length);
    }
    int key = profile.keyBytes();
    int salt = profile.saltBytes();
    return new DtlsSrtpKeys(
        part(exported, 0, key, 2 * key, salt), part(exported, key, key, 2 * key + salt, salt));
  }

  private static SrtpMasterKey part(
      byte[] exported, int keyFrom, int keyBytes, int saltFrom, int saltBytes) {
    byte[] key = Arrays.copyOfRange(exported, keyFrom, keyFrom + keyBytes);
    byte[] salt = Arrays.copyOfRange(exported, saltFrom, saltFrom + saltBytes);
    SrtpMasterKey master = new SrtpMasterKey(key, salt);
    Arrays.fill(key, (byte) 0);
    Arrays.fill(salt, (byte) 0);
    return master;
  }

  public SrtpMasterKey written(boolean byClient) {
    return byClient ? clientWrite : serverWrite;
  }

  public void clear() {
    clientWrite.clear();
    serverWrite.clear();
  }
}
