package dev.sotto.media.srtp.crypto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of OpenSSL 3's libcrypto that SRTP calls. Loaded only after {@link Libcrypto} found
 * a library that has all of them. Pointers are plain longs, so that no segment is made per call;
 * callers check bounds. What runs per packet is linked as critical: it is short, never blocks and
 * never calls back, and leaving out the change of thread state saves 3 to 4 ns a call.
 */
final class LibcryptoFunctions {
  private static final SymbolLookup LOOKUP = Libcrypto.lookup();

  private static final FunctionDescriptor INIT =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor UPDATE =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final FunctionDescriptor FINAL =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final MethodHandle CIPHER_FETCH =
      function("EVP_CIPHER_fetch", JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final MethodHandle CONTEXT_NEW = function("EVP_CIPHER_CTX_new", JAVA_LONG);
  private static final MethodHandle CONTEXT_FREE =
      link("EVP_CIPHER_CTX_free", FunctionDescriptor.ofVoid(JAVA_LONG));
  private static final MethodHandle ZALLOC =
      function("CRYPTO_zalloc", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CLEAR_FREE =
      link(
          "CRYPTO_clear_free",
          FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle VERSION = function("OpenSSL_version", ADDRESS, JAVA_INT);

  private static final MethodHandle ENCRYPT_INIT = critical("EVP_EncryptInit_ex2", INIT);
  private static final MethodHandle DECRYPT_INIT = critical("EVP_DecryptInit_ex2", INIT);
  private static final MethodHandle ENCRYPT_UPDATE = critical("EVP_EncryptUpdate", UPDATE);
  private static final MethodHandle DECRYPT_UPDATE = critical("EVP_DecryptUpdate", UPDATE);
  private static final MethodHandle ENCRYPT_FINAL = critical("EVP_EncryptFinal_ex", FINAL);
  private static final MethodHandle DECRYPT_FINAL = critical("EVP_DecryptFinal_ex", FINAL);
  private static final MethodHandle GET_PARAMETERS =
      critical("EVP_CIPHER_CTX_get_params", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle SHA1_INIT =
      critical("SHA1_Init", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
  private static final MethodHandle SHA1_UPDATE =
      critical("SHA1_Update", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle SHA1_FINAL =
      critical("SHA1_Final", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle CLEANSE =
      critical("OPENSSL_cleanse", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));

  private LibcryptoFunctions() {}

  /** A cipher by OpenSSL's name; 0 when the library's providers do not have it. */
  static long cipher(MemorySegment name) {
    try {
      return (long) CIPHER_FETCH.invokeExact(0L, name, 0L);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long newContext() {
    try {
      return notNull((long) CONTEXT_NEW.invokeExact());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void freeContext(long context) {
    try {
      CONTEXT_FREE.invokeExact(context);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Zeroed memory that only {@link #clearAndFree} gives back. */
  @SuppressWarnings("restricted")
  static MemorySegment allocate(long bytes) {
    try {
      long address = notNull((long) ZALLOC.invokeExact(bytes, 0L, 0));
      return MemorySegment.ofAddress(address).reinterpret(bytes);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void clearAndFree(MemorySegment memory) {
    try {
      CLEAR_FREE.invokeExact(memory.address(), memory.byteSize(), 0L, 0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @SuppressWarnings("restricted")
  static String version() {
    try {
      MemorySegment text = (MemorySegment) VERSION.invokeExact(0);
      return text.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Cipher and key are 0 when only the vector changes. */
  static void encryptInit(long context, long cipher, long key, long iv) {
    try {
      require((int) ENCRYPT_INIT.invokeExact(context, cipher, key, iv, 0L));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void decryptInit(long context, long iv, long parameters) {
    try {
      require((int) DECRYPT_INIT.invokeExact(context, 0L, 0L, iv, parameters));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void encryptUpdate(long context, long out, long outLength, long in, int length) {
    try {
      require((int) ENCRYPT_UPDATE.invokeExact(context, out, outLength, in, length));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void decryptUpdate(long context, long out, long outLength, long in, int length) {
    try {
      require((int) DECRYPT_UPDATE.invokeExact(context, out, outLength, in, length));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void encryptFinal(long context, long out, long outLength) {
    try {
      require((int) ENCRYPT_FINAL.invokeExact(context, out, outLength));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Whether the tag was right. */
  static boolean decryptFinal(long context, long out, long outLength) {
    try {
      return (int) DECRYPT_FINAL.invokeExact(context, out, outLength) == 1;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void parameters(long context, long parameters) {
    try {
      require((int) GET_PARAMETERS.invokeExact(context, parameters));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void sha1Init(long state) {
    try {
      require((int) SHA1_INIT.invokeExact(state));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void sha1Update(long state, long data, long length) {
    try {
      require((int) SHA1_UPDATE.invokeExact(state, data, length));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void sha1Final(long digest, long state) {
    try {
      require((int) SHA1_FINAL.invokeExact(digest, state));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void cleanse(long address, long length) {
    try {
      CLEANSE.invokeExact(address, length);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static long notNull(long pointer) {
    if (pointer == 0) {
      throw new OutOfMemoryError("libcrypto has no memory");
    }
    return pointer;
  }

  /** Lengths and keys were checked before: a refusal here is a fault of ours or of the library. */
  private static void require(int result) {
    if (result != 1) {
      throw new IllegalStateException("libcrypto refused a call");
    }
  }

  private static RuntimeException unexpected(Throwable e) {
    switch (e) {
      case RuntimeException it -> throw it;
      case Error it -> throw it;
      default -> throw new IllegalStateException(e);
    }
  }

  private static MethodHandle function(
      String name, MemoryLayout result, MemoryLayout... arguments) {
    return link(name, FunctionDescriptor.of(result, arguments));
  }

  private static MethodHandle critical(String name, FunctionDescriptor type) {
    return link(name, type, Linker.Option.critical(false));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name, FunctionDescriptor type, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(LOOKUP.findOrThrow(name), type, options);
  }
}
