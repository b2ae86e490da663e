package dev.sotto.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.media.srtp.crypto.AesCounter;
import dev.sotto.media.srtp.crypto.CryptoEngine;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("dev.sotto.media.srtp.crypto.Engines#all")
@DisplayName("Session keys are derived from master keys")
class SessionKeysTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] KEY = HEX.parseHex("e1f97a0d3e018be0d64fa32c06de4139");
  private static final byte[] SALT = HEX.parseHex("0ec675ad498afeebb6960b3aabe6");

  @Parameter CryptoEngine engine;

  @ParameterizedTest
  @CsvFileSource(resources = "/rfc3711/b3-key-derivation.csv", numLinesToSkip = 1)
  void appendix_b_3(int label, String derived) {
    try (AesCounter cipher = engine.aesCounter(KEY)) {
      assertThat(SessionKeys.derive(cipher, SALT, label, derived.length() / 2))
          .isEqualTo(HEX.parseHex(derived));
    }
  }

  @Test
  void section_4_3_1_each_key_has_its_label() {
    SessionKeys keys =
        SessionKeys.derive(
            engine, SrtpProfile.AES_CM_128_HMAC_SHA1_80, new SrtpMasterKey(KEY, SALT));

    assertThat(HEX.formatHex(keys.rtpKey())).isEqualTo("c61e7a93744f39ee10734afe3ff7a087");
    assertThat(HEX.formatHex(keys.rtpAuthenticationKey()))
        .isEqualTo("cebe321f6ff7716b6fd4ab49af256a156d38baa4");
    assertThat(HEX.formatHex(keys.rtpSalt())).isEqualTo("30cbbc08863d8c85d49db34a9ae1");
    assertThat(keys.rtcpKey()).hasSize(16).isNotEqualTo(keys.rtpKey());
    assertThat(keys.rtcpAuthenticationKey()).hasSize(20);
    assertThat(keys.rtcpSalt()).hasSize(14).isNotEqualTo(keys.rtpSalt());
  }

  @Test
  void keys_of_another_profile_are_refused_without_being_printed() {
    SrtpMasterKey master = new SrtpMasterKey(KEY, SALT);

    assertThatThrownBy(() -> SessionKeys.derive(engine, SrtpProfile.AEAD_AES_128_GCM, master))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("AEAD_AES_128_GCM has no key like SrtpMasterKey of 16+14 bytes");
  }

  @Test
  void cleared_keys_are_zero() {
    SrtpMasterKey master = new SrtpMasterKey(KEY, SALT);
    SessionKeys keys = SessionKeys.derive(engine, SrtpProfile.AES_CM_128_HMAC_SHA1_80, master);

    master.clear();
    keys.clear();

    assertThat(master.key()).containsOnly(0);
    assertThat(master.salt()).containsOnly(0);
    assertThat(keys.rtpKey()).containsOnly(0);
    assertThat(keys.rtcpSalt()).containsOnly(0);
    assertThat(KEY).isNotEqualTo(master.key());
  }
}
