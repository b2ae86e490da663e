package dev.sotto.media.srtp.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Optional;

/**
 * OpenSSL 3's libcrypto through {@code java.lang.foreign}: works on the segment's own address, as
 * fast as from C, nothing on the heap per packet. The library is looked for once, by name, the way
 * the system's loader finds libraries; needs {@code --enable-native-access}.
 */
public final class Libcrypto implements CryptoEngine {
  /** The versioned name comes without development packages; the bare one covers other systems. */
  static final List<String> LIBRARY_NAMES = List.of("libcrypto.so.3", "libcrypto.so");

  /** What {@link LibcryptoFunctions} links. */
  private static final List<String> FUNCTIONS =
      List.of(
          "EVP_CIPHER_fetch",
          "EVP_CIPHER_CTX_new",
          "EVP_CIPHER_CTX_free",
          "EVP_EncryptInit_ex2",
          "EVP_DecryptInit_ex2",
          "EVP_EncryptUpdate",
          "EVP_DecryptUpdate",
          "EVP_EncryptFinal_ex",
          "EVP_DecryptFinal_ex",
          "EVP_CIPHER_CTX_get_params",
          "SHA1_Init",
          "SHA1_Update",
          "SHA1_Final",
          "CRYPTO_zalloc",
          "CRYPTO_clear_free",
          "OPENSSL_cleanse",
          "OpenSSL_version");

  private static final Search FOUND = search(LIBRARY_NAMES);

  /** A library that has every function, or one line that says why there is none. */
  record Search(Optional<SymbolLookup> library, String whyNot) {}

  private Libcrypto() {}

  /** Empty where the library is missing or too old: {@link #whyNot} says what was found. */
  public static Optional<CryptoEngine> engine() {
    return FOUND.library().isPresent() ? Optional.of(new Libcrypto()) : Optional.empty();
  }

  /** One line; empty when there is an engine. */
  public static String whyNot() {
    return FOUND.whyNot();
  }

  static SymbolLookup lookup() {
    return FOUND.library().orElseThrow(() -> new IllegalStateException(FOUND.whyNot()));
  }

  static Search search(List<String> names) {
    StringBuilder whyNot = new StringBuilder();
    for (String name : names) {
      Search search = open(name);
      if (search.library().isPresent()) {
        return search;
      }
      whyNot.append(whyNot.isEmpty() ? "" : "; ").append(search.whyNot());
    }
    return new Search(Optional.empty(), whyNot.toString());
  }

  @SuppressWarnings("restricted")
  private static Search open(String name) {
    SymbolLookup library;
    try {
      library = SymbolLookup.libraryLookup(name, Arena.global());
    } catch (IllegalArgumentException _) {
      return new Search(Optional.empty(), name + ": not found");
    } catch (IllegalCallerException _) {
      return new Search(Optional.empty(), name + ": native access is not enabled");
    }
    for (String function : FUNCTIONS) {
      if (library.find(function).isEmpty()) {
        return new Search(
            Optional.empty(), name + ": has no " + function + ", OpenSSL 3 is needed");
      }
    }
    return new Search(Optional.of(library), "");
  }

  @Override
  public String description() {
    return "libcrypto, " + LibcryptoFunctions.version();
  }

  @Override
  public AesGcm aesGcm(byte[] key) {
    return new LibcryptoGcm(key);
  }

  @Override
  public AesCounter aesCounter(byte[] key) {
    return new LibcryptoCounter(key);
  }

  @Override
  public HmacSha1 hmacSha1(byte[] key) {
    return new LibcryptoHmacSha1(key);
  }
}
