package dev.sotto.media.srtp.crypto;

import java.security.Provider;
import java.security.Security;

/**
 * The JDK's own ciphers ({@code javax.crypto}), for where there is no libcrypto. Packets are copied
 * to arrays and back, and each allocates: about 0.2 to 2.5 kB. Slower, but it runs everywhere.
 */
public final class Jdk implements CryptoEngine {
  @Override
  public String description() {
    Provider[] providers = Security.getProviders("Cipher.AES");
    return "javax.crypto, " + (providers == null ? "no provider" : providers[0].toString());
  }

  @Override
  public AesGcm aesGcm(byte[] key) {
    return new JdkGcm(key);
  }

  @Override
  public AesCounter aesCounter(byte[] key) {
    return new JdkCounter(key);
  }

  @Override
  public HmacSha1 hmacSha1(byte[] key) {
    return new JdkHmacSha1(key);
  }
}
