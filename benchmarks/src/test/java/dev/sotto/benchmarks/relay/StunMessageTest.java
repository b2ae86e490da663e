package dev.sotto.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class StunMessageTest {

  /** RFC 5769 section 2.1. */
  private static final byte[] SAMPLE_REQUEST =
      HexFormat.of()
          .parseHex(
              "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
                  + "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
                  + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf");

  private static final String SAMPLE_PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

  @Test
  void rfc_5769_section_2_1_is_read_and_its_integrity_holds() {
    StunMessage request = StunMessage.read(SAMPLE_REQUEST).orElseThrow();
    assertThat(request.type()).isEqualTo(StunMessage.BINDING_REQUEST);
    assertThat(request.isSignedWith(SAMPLE_PASSWORD)).isTrue();
    assertThat(request.isSignedWith("another password than that")).isFalse();
    assertThat(request.get(StunMessage.USERNAME))
        .contains("evtj:h6vY".getBytes(StandardCharsets.US_ASCII));
    assertThat(request.get(StunMessage.USE_CANDIDATE)).isEmpty();
  }

  /** RFC 5769 section 2.2: the address of the sample response. */
  @Test
  void rfc_5769_section_2_2_the_mapped_address_is_written_as_it_is_there() {
    byte[] transaction = HexFormat.of().parseHex("b7e7a701bc34d686fa87dfae");
    byte[] response =
        StunMessage.begin(StunMessage.BINDING_SUCCESS, transaction)
            .withAddress(new InetSocketAddress("192.0.2.1", 32853))
            .signed(SAMPLE_PASSWORD);
    StunMessage read = StunMessage.read(response).orElseThrow();
    assertThat(read.get(StunMessage.XOR_MAPPED_ADDRESS))
        .contains(HexFormat.of().parseHex("0001a147e112a643"));
    assertThat(read.isSignedWith(SAMPLE_PASSWORD)).isTrue();
    assertThat(read.transaction()).isEqualTo(transaction);
  }

  @Test
  void what_is_cut_off_or_no_stun_is_not_read() {
    assertThat(StunMessage.read(new byte[3])).isEmpty();
    assertThat(StunMessage.read(new byte[20])).isEmpty();
    byte[] shorter = java.util.Arrays.copyOf(SAMPLE_REQUEST, SAMPLE_REQUEST.length - 4);
    assertThat(StunMessage.read(shorter)).isEmpty();
  }
}
