package dev.sotto.media.srtp.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.srtp.Memory;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("dev.sotto.media.srtp.crypto.Engines#all")
@DisplayName("The primitives give what the RFCs' vectors say")
class VectorsTest {
  private static final HexFormat HEX = HexFormat.of();

  @Parameter CryptoEngine engine;

  @ParameterizedTest
  @CsvFileSource(resources = "/rfc7714/aes-gcm.csv", numLinesToSkip = 1, emptyValue = "")
  void rfc7714_sections_16_and_17(
      String section,
      String key,
      String iv,
      String associatedData,
      String associatedWord,
      String plaintext,
      String ciphertextAndTag) {
    String plain = plaintext == null ? "" : plaintext;
    long word = associatedWord == null ? AesGcm.NO_WORD : Long.parseLong(associatedWord, 16);
    ByteBuffer vector = ByteBuffer.wrap(HEX.parseHex(iv));
    int text = associatedData.length() / 2;
    int length = plain.length() / 2;
    MemorySegment packet = Memory.ofHex(associatedData + plain);
    try (AesGcm gcm = engine.aesGcm(HEX.parseHex(key))) {
      gcm.seal(vector.getLong(0), vector.getInt(8), text, word, packet, text, packet, text, length);
      assertThat(Memory.hex(packet, text, length + AesGcm.TAG_BYTES))
          .as(section)
          .isEqualTo(ciphertextAndTag);

      assertThat(
              gcm.open(
                  vector.getLong(0),
                  vector.getInt(8),
                  text,
                  word,
                  packet,
                  text,
                  packet,
                  text,
                  length))
          .isTrue();
      assertThat(Memory.hex(packet, text, length)).isEqualTo(plain);

      Wire.putU8(packet, text + length, ~Wire.u8(packet, text + length));
      assertThat(
              gcm.open(
                  vector.getLong(0),
                  vector.getInt(8),
                  text,
                  word,
                  packet,
                  text,
                  packet,
                  text,
                  length))
          .isFalse();
    }
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/rfc3711/b2-aes-cm.csv", numLinesToSkip = 1)
  void rfc3711_appendix_b_2(int block, String keystream) {
    try (Arena arena = Arena.ofConfined();
        AesCounter counter = engine.aesCounter(HEX.parseHex("2b7e151628aed2a6abf7158809cf4f3c"))) {
      MemorySegment stream = arena.allocate(1_044_512);

      counter.apply(0xf0f1f2f3f4f5f6f7L, 0xf8f9fafbfcfd0000L, stream, 0, stream, 0, 1_044_512);

      assertThat(Memory.hex(stream, 16L * block, 16)).isEqualTo(keystream);
    }
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/rfc2202/hmac-sha1.csv", numLinesToSkip = 1)
  void rfc2202_section_3(int number, String key, String data, String digest) {
    try (HmacSha1 hmac = engine.hmacSha1(HEX.parseHex(key))) {
      for (int again = 0; again < 2; again++) {
        hmac.digest(Memory.ofHex(data), 0, data.length() / 2);

        assertThat(HEX.toHexDigits(hmac.tagHigh()) + HEX.toHexDigits((short) hmac.tagLow()))
            .as("case " + number)
            .isEqualTo(digest.substring(0, 2 * HmacSha1.TAG_BYTES));
      }
    }
  }
}
