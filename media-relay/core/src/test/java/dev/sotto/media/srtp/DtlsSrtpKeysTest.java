package dev.sotto.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Keys come out of the DTLS exporter as RFC 5764 has them")
class DtlsSrtpKeysTest {
  @ParameterizedTest
  @CsvSource({
    "AEAD_AES_128_GCM, 7, 56, 16, 20",
    "AEAD_AES_256_GCM, 8, 88, 16, 20",
    "AES_CM_128_HMAC_SHA1_80, 1, 60, 10, 14"
  })
  void profiles_have_their_numbers(
      SrtpProfile profile, int id, int exported, int rtpOverhead, int rtcpOverhead) {
    assertThat(SrtpProfile.ofId(id)).contains(profile);
    assertThat(profile.id()).isEqualTo(id);
    assertThat(profile.exportedBytes()).isEqualTo(exported);
    assertThat(profile.rtpOverheadBytes()).isEqualTo(rtpOverhead);
    assertThat(profile.rtcpOverheadBytes()).isEqualTo(rtcpOverhead);
  }

  @Test
  void an_unknown_profile_is_none() {
    assertThat(SrtpProfile.ofId(2)).isEmpty();
  }

  @Test
  void section_4_2_client_key_server_key_client_salt_server_salt() {
    byte[] exported = new byte[56];
    for (int i = 0; i < exported.length; i++) {
      exported[i] = (byte) i;
    }

    DtlsSrtpKeys keys = DtlsSrtpKeys.of(SrtpProfile.AEAD_AES_128_GCM, exported);

    assertThat(keys.clientWrite().key()).hasSize(16).startsWith(0).endsWith(15);
    assertThat(keys.serverWrite().key()).hasSize(16).startsWith(16).endsWith(31);
    assertThat(keys.clientWrite().salt()).hasSize(12).startsWith(32).endsWith(43);
    assertThat(keys.serverWrite().salt()).hasSize(12).startsWith(44).endsWith(55);
    assertThat(keys.written(true)).isSameAs(keys.clientWrite());
    keys.clear();
    assertThat(keys.serverWrite().salt()).containsOnly(0);
  }

  @Test
  void another_number_of_bytes_is_refused() {
    assertThatThrownBy(() -> DtlsSrtpKeys.of(SrtpProfile.AEAD_AES_128_GCM, new byte[60]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs 56 exported bytes, not 60");
  }
}
