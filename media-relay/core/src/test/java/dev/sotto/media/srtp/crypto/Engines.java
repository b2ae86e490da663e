package dev.sotto.media.srtp.crypto;

import java.util.stream.Stream;

/** Every engine there is: each vector is run through all. */
public final class Engines {
  private Engines() {}

  public static Stream<CryptoEngine> all() {
    return Stream.of(Libcrypto.engine().orElseThrow(), new Jdk());
  }
}
