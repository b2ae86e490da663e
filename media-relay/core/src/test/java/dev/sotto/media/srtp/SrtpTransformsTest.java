package dev.sotto.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The implementation is chosen once")
class SrtpTransformsTest {
  @Test
  void libcrypto_is_taken_where_there_is_one() {
    assertThat(SrtpTransforms.with(SrtpProvider.AUTOMATIC).description())
        .isEqualTo(SrtpTransforms.with(SrtpProvider.LIBCRYPTO).description())
        .startsWith("libcrypto, OpenSSL 3.");
  }

  @Test
  void every_refusal_is_found_by_its_code() {
    for (SrtpRefusal refusal : SrtpRefusal.values()) {
      assertThat(refusal.code()).isNegative();
      assertThat(SrtpRefusal.of(refusal.code())).isEqualTo(refusal);
    }
  }

  @Test
  void the_jdk_can_be_asked_for() {
    assertThat(SrtpTransforms.with(SrtpProvider.JDK).description()).startsWith("javax.crypto, ");
  }

  @Test
  void client_and_server_of_one_handshake_understand_each_other() {
    for (SrtpProfile profile : SrtpProfile.values()) {
      SrtpMasterKey ofClient = Peers.written(profile, true);
      SrtpMasterKey ofServer = Peers.written(profile, false);
      try (SrtpTransform client =
              SrtpTransforms.with(SrtpProvider.AUTOMATIC).of(profile, ofClient, ofServer);
          SrtpTransform server =
              SrtpTransforms.with(SrtpProvider.JDK, 1).of(profile, ofServer, ofClient)) {
        Packet packet = Packet.rtp(1);
        packet.protect(client);
        assertThat(packet.unprotect(server)).isEqualTo(16);
        assertThat(Packet.rtp(2, 1, new byte[4]).protect(server)).isPositive();
        assertThat(Packet.rtp(3, 1, new byte[4]).protect(server))
            .isEqualTo(SrtpRefusal.TOO_MANY_SSRCS.code());
        assertThat(client.profile()).isEqualTo(profile);
      }
    }
  }
}
