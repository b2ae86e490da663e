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
    byte[] exported = exported(profile);
    client = transform(profile, ofClient, DtlsSrtpKeys.of(profile, exported), true);
    server = transform(profile, ofServer, DtlsSrtpKeys.of(profile, exported), false);
  }

  static byte[] exported(SrtpProfile profile) {
    byte[] exported = new byte[profile.exportedBytes()];
    new Random(7).nextBytes(exported);
    return exported;
  }

  private static ContextTransform transform(
      SrtpProfile profile, SrtpProvider provider, DtlsSrtpKeys keys, boolean isClient) {
    CryptoEngine engine = engine(provider);
    return new ContextTransform(
        engine,
        profile,
        SessionKeys.derive(engine, profile, keys.written(isClient)),
        SessionKeys.derive(engine, profile, keys.written(!isClient)),
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
