package dev.sotto.benchmarks.micro;

import dev.sotto.media.srtp.SrtpProfile;

/** Whose SRTP is measured. */
public enum SrtpImplementation {
  /** With libcrypto, as the relay runs wherever there is one. */
  SOTTO,

  /** Sotto's with the ciphers of the JDK, which it falls back to. */
  JDK,

  /** Jitsi's bridge uses it. */
  JITSI_SRTP;

  /** A stream with packets of this length before they are protected. */
  SrtpFlow open(SrtpProfile profile, int bytes) {
    return switch (this) {
      case SOTTO -> SottoFlow.ofLibcrypto(profile, bytes);
      case JDK -> SottoFlow.ofJdk(profile, bytes);
      case JITSI_SRTP -> new JitsiFlow(profile, bytes);
    };
  }
}
