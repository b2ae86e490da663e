package dev.sotto.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.srtp.SrtpProfile;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is measured is work that is done: nothing is refused, however long it is measured. */
class SrtpFlowTest {

  private static final int BYTES = 160;

  /** So many that sequence numbers turn over. */
  private static final int PACKETS = 70_000;

  static Stream<Arguments> all() {
    return Arrays.stream(SrtpImplementation.values())
        .flatMap(implementation ->
            Stream.of(SrtpProfile.AEAD_AES_128_GCM, SrtpProfile.AES_CM_128_HMAC_SHA1_80)
                .map(profile -> Arguments.of(implementation, profile)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void packets_are_protected_without_end(SrtpImplementation implementation, SrtpProfile profile) {
    try (SrtpFlow flow = implementation.open(profile, BYTES)) {
      for (int i = 0; i < PACKETS; i++) {
        assertThat(flow.protectNext()).isEqualTo(BYTES + profile.rtpOverheadBytes());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void each_packet_that_was_sent_is_taken_once(
      SrtpImplementation implementation, SrtpProfile profile) {
    try (SrtpFlow flow = implementation.open(profile, BYTES)) {
      for (int i = 0; i < PACKETS / SrtpFlow.PLACES; i++) {
        flow.sendAll();
        for (int place = 0; place < SrtpFlow.PLACES; place++) {
          assertThat(flow.receive(place)).isEqualTo(BYTES);
        }
      }
      assertThat(flow.receive(0)).isNotPositive();
    }
  }
}
