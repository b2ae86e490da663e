package dev.sotto.media.srtp;

/** Which implementation of the ciphers is asked for. */
public enum SrtpProvider {
  /** {@link #LIBCRYPTO} where there is one, else {@link #JDK}. */
  AUTOMATIC,
  /** OpenSSL 3's libcrypto by java.lang.foreign: as fast as C, no garbage. */
  LIBCRYPTO,
  /** {@code javax.crypto}: runs everywhere, copies and allocates. */
  JDK
}
