package dev.sotto.media.srtp.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.sotto.media.srtp.Memory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("libcrypto is found by name and lets go of its memory")
class LibcryptoTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final CryptoEngine engine = Libcrypto.engine().orElseThrow();

  @Test
  void the_first_library_that_has_every_function_is_taken() {
    assertThat(Libcrypto.search(List.of("libnowhere.so.9", "libcrypto.so.3")).library())
        .isPresent();
    assertThat(Libcrypto.whyNot()).isEmpty();
    assertThat(engine.description()).startsWith("libcrypto, OpenSSL 3");
  }

  @Test
  void a_missing_library_is_explained_in_one_line() {
    Libcrypto.Search search = Libcrypto.search(List.of("libnowhere.so.9", "libc.so.6"));

    assertThat(search.library()).isEmpty();
    assertThat(search.whyNot())
        .isEqualTo(
            "libnowhere.so.9: not found; "
                + "libc.so.6: has no EVP_CIPHER_fetch, OpenSSL 3 is needed");
  }

  @Test
  void nothing_works_after_close_and_closing_twice_is_harmless() {
    MemorySegment packet = Memory.of(new byte[64]);
    AesGcm gcm = engine.aesGcm(new byte[16]);
    AesCounter counter = engine.aesCounter(new byte[16]);
    HmacSha1 hmac = engine.hmacSha1(new byte[20]);
    gcm.close();
    counter.close();
    hmac.close();
    gcm.close();
    counter.close();
    hmac.close();

    assertThatThrownBy(() -> gcm.seal(0, 0, 12, AesGcm.NO_WORD, packet, 12, packet, 12, 20))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> counter.apply(0, 0, packet, 12, packet, 12, 20))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> hmac.digest(packet, 0, 20))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void keys_of_other_lengths_are_refused() {
    Engines.all()
        .forEach(it -> {
          assertThatThrownBy(() -> it.aesGcm(new byte[24]))
              .isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> it.aesCounter(new byte[15]))
              .isInstanceOf(IllegalArgumentException.class);
        });
    assertThatThrownBy(() -> engine.hmacSha1(new byte[65]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_hundred_thousand_closed_contexts_hold_no_memory() throws IOException {
    openAndClose(5_000);
    long residentBefore = residentBytes();
    long heapBefore = THREADS.getCurrentThreadAllocatedBytes();

    openAndClose(100_000);

    // Heap that is touched for the first time is resident too. Without the frees it is 140 MB.
    long heap = THREADS.getCurrentThreadAllocatedBytes() - heapBefore;
    assertThat(residentBytes() - residentBefore - heap).isLessThan(40L << 20);
  }

  private void openAndClose(int times) {
    for (int i = 0; i < times; i++) {
      engine.aesGcm(new byte[16]).close();
      engine.hmacSha1(new byte[20]).close();
    }
  }

  private static long residentBytes() throws IOException {
    return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1]) * 4096;
  }
}
