package dev.sotto.media.srtp;

import dev.sotto.media.srtp.crypto.CryptoEngine;
import dev.sotto.media.srtp.crypto.Jdk;
import dev.sotto.media.srtp.crypto.Libcrypto;

/**
 * Makes transforms with the implementation that was chosen once, at start. Thread-safe: a transform
 * may be made on another thread than the one that will own it.
 */
public final class SrtpTransforms {
  /**
   * Per direction, of SRTP and SRTCP each: 28 receive slots with their retransmissions twice over.
   * 2 kB for each that is sent, 170 bytes for each that is received.
   */
  public static final int DEFAULT_MAX_SSRCS = 128;

  private final CryptoEngine engine;
  private final String description;
  private final int maxSsrcs;

  private SrtpTransforms(CryptoEngine engine, String description, int maxSsrcs) {
    this.engine = engine;
    this.description = description;
    this.maxSsrcs = maxSsrcs;
  }

  public static SrtpTransforms with(SrtpProvider provider) {
    return with(provider, DEFAULT_MAX_SSRCS);
  }

  /**
   * Looks for libcrypto where it may be used, and keeps to what it found.
   *
   * @throws IllegalStateException when libcrypto is asked for and missing; one line says why
   */
  public static SrtpTransforms with(SrtpProvider provider, int maxSsrcs) {
    CryptoEngine engine =
        switch (provider) {
          case AUTOMATIC -> Libcrypto.engine().orElseGet(Jdk::new);
          case LIBCRYPTO ->
              Libcrypto.engine()
                  .orElseThrow(
                      () -> new IllegalStateException("no libcrypto: " + Libcrypto.whyNot()));
          case JDK -> new Jdk();
        };
    boolean isFallback = provider == SrtpProvider.AUTOMATIC && engine instanceof Jdk;
    String why = isFallback ? " (" + Libcrypto.whyNot() + ")" : "";
    return new SrtpTransforms(engine, engine.description() + why, maxSsrcs);
  }

  /** One line for the log: the implementation, and why it is not libcrypto where it is not. */
  public String description() {
    return description;
  }

  /**
   * A transform with a master key for each direction, which stay the caller's to clear.
   *
   * @throws IllegalArgumentException when the lengths of keys or salts are not the profile's
   */
  public SrtpTransform of(SrtpProfile profile, SrtpMasterKey outbound, SrtpMasterKey inbound) {
    return new ContextTransform(
        engine,
        profile,
        SessionKeys.derive(engine, profile, outbound),
        SessionKeys.derive(engine, profile, inbound),
        maxSsrcs);
  }
}
