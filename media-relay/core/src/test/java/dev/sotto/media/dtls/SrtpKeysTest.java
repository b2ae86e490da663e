package dev.sotto.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.srtp.SrtpProfile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 5764 section 4.2: which exported bytes are whose keys")
class SrtpKeysTest {
  private static final SrtpProfile PROFILE = SrtpProfile.AEAD_AES_128_GCM;

  @Test
  void section_4_2_client_key_server_key_client_salt_server_salt() {
    SrtpKeys keys = SrtpKeys.split(PROFILE, exported(), DtlsRole.ACTIVE);

    assertThat(keys.profile()).isEqualTo(PROFILE);
    assertThat(keys.localKey()).hasSize(16).startsWith(0).endsWith(15);
    assertThat(keys.remoteKey()).hasSize(16).startsWith(16).endsWith(31);
    assertThat(keys.localSalt()).hasSize(12).startsWith(32).endsWith(43);
    assertThat(keys.remoteSalt()).hasSize(12).startsWith(44).endsWith(55);
  }

  @Test
  void section_4_2_a_server_writes_with_those_of_the_server() {
    SrtpKeys client = SrtpKeys.split(PROFILE, exported(), DtlsRole.ACTIVE);
    SrtpKeys server = SrtpKeys.split(PROFILE, exported(), DtlsRole.PASSIVE);

    assertThat(server.localKey()).isEqualTo(client.remoteKey());
    assertThat(server.localSalt()).isEqualTo(client.remoteSalt());
    assertThat(server.remoteKey()).isEqualTo(client.localKey());
    assertThat(server.remoteSalt()).isEqualTo(client.localSalt());
  }

  private static byte[] exported() {
    byte[] exported = new byte[PROFILE.exportedBytes()];
    for (int i = 0; i < exported.length; i++) {
      exported[i] = (byte) i;
    }
    return exported;
  }
}
