package dev.sotto.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("RFC 5764 section 4.1.2: the protection profiles of DTLS-SRTP")
class SrtpProfileTest {
  @ParameterizedTest
  @CsvSource({
    "AEAD_AES_128_GCM, 7, 56, 16, 20",
    "AEAD_AES_256_GCM, 8, 88, 16, 20",
    "AES_CM_128_HMAC_SHA1_80, 1, 60, 10, 14"
  })
  void profiles_have_their_numbers(
      SrtpProfile profile, int id, int exported, int rtpOverhead, int rtcpOverhead) {
    assertThat(profile.id()).isEqualTo(id);
    assertThat(profile.exportedBytes()).isEqualTo(exported);
    assertThat(profile.rtpOverheadBytes()).isEqualTo(rtpOverhead);
    assertThat(profile.rtcpOverheadBytes()).isEqualTo(rtcpOverhead);
  }

  @Test
  void our_favourite_is_taken_in_whatever_order_they_are_offered() {
    assertThat(SrtpProfile.ids()).containsExactly(7, 8, 1);
    assertThat(SrtpProfile.preferred(new int[] {1, 2, 8, 7}))
        .contains(SrtpProfile.AEAD_AES_128_GCM);
    assertThat(SrtpProfile.preferred(new int[] {2, 1}))
        .contains(SrtpProfile.AES_CM_128_HMAC_SHA1_80);
  }

  @Test
  void an_unknown_profile_is_none() {
    assertThat(SrtpProfile.preferred(new int[] {2})).isEmpty();
    assertThat(SrtpProfile.preferred(new int[0])).isEmpty();
  }
}
