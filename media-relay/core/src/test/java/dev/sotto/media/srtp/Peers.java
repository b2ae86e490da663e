package dev.sotto.media.srtp;

import dev.sotto.media.srtp.crypto.CryptoEngine;
import dev.sotto.media.srtp.crypto.Jdk;
import dev.sotto.media.srtp.crypto.Libcrypto;
import java.util.Random;

/** The two ends of one transport, each with the engine that a test wants. */
final class Peers implements AutoCloseable {
  static final int MAX_SSRCS = 4;

  final ContextTransform client;
  final ContextTransform server;

  Peers(SrtpProfile profile, SrtpProvider ofClient, SrtpProvider ofServer) {
    client = transform(profile, ofClient, true);
    server = transform(profile, ofServer, false);
  }

  /** What one of the two protects its packets with. */
  static SrtpMasterKey written(SrtpProfile profile, boolean byClient) {
    Random random = new Random(byClient ? 7 : 8);
    byte[] key = new byte[profile.keyBytes()];
    byte[] salt = new byte[profile.saltBytes()];
    random.nextBytes(key);
    random.nextBytes(salt);
    return new SrtpMasterKey(key, salt);
  }

  private static ContextTransform transform(
      SrtpProfile profile, SrtpProvider provider, boolean isClient) {
    CryptoEngine engine = engine(provider);
    return new ContextTransform(
        engine,
        profile,
        SessionKeys.derive(engine, profile, written(profile, isClient)),
        SessionKeys.derive(engine, profile, written(profile, !isClient)),
        MAX_SSRCS);
  }

  static CryptoEngine engine(SrtpProvider provider) {
    return provider == SrtpProvider.JDK ? new Jdk() : Libcrypto.engine().orElseThrow();
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
