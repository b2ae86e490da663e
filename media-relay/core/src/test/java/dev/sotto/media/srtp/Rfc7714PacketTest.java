package dev.sotto.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.srtp.crypto.CryptoEngine;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("dev.sotto.media.srtp.crypto.Engines#all")
@DisplayName("Whole packets are those of RFC 7714's vectors")
class Rfc7714PacketTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final int SSRC_OF_RTCP = 0x4d617273;
  private static final int SRTCP_INDEX = 0x5d4;

  @Parameter CryptoEngine engine;

  @ParameterizedTest
  @CsvFileSource(resources = "/rfc7714/srtp.csv", numLinesToSkip = 1)
  void section_16_srtp(
      String section, SrtpProfile profile, String key, String salt, String plain, String secured) {
    try (ContextTransform transform = transform(profile, key, salt)) {
      Packet packet = Packet.of(HEX.parseHex(plain));

      packet.protect(transform);
      assertThat(HEX.formatHex(packet.bytes())).as(section).isEqualTo(secured);

      packet.unprotect(transform);
      assertThat(HEX.formatHex(packet.bytes())).as(section).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/rfc7714/srtcp.csv", numLinesToSkip = 1)
  void section_17_srtcp(
      String section, SrtpProfile profile, String key, String salt, String plain, String secured) {
    try (ContextTransform transform = transform(profile, key, salt)) {
      if (section.equals("17.1") || section.equals("17.2")) {
        Packet sent = Packet.of(HEX.parseHex(plain));
        transform.outbound().resume(SSRC_OF_RTCP, 0, SRTCP_INDEX);
        sent.protectRtcp(transform);
        assertThat(HEX.formatHex(sent.bytes())).as(section).isEqualTo(secured);
      }
      Packet received = Packet.of(HEX.parseHex(secured));
      received.unprotectRtcp(transform);
      assertThat(HEX.formatHex(received.bytes())).as(section).isEqualTo(plain);
    }
  }

  private ContextTransform transform(SrtpProfile profile, String key, String salt) {
    return new ContextTransform(
        engine, profile, session(key, salt), session(key, salt), Peers.MAX_SSRCS);
  }

  /** The vectors are given as session keys. */
  private static SessionKeys session(String key, String salt) {
    return new SessionKeys(
        HEX.parseHex(key),
        new byte[0],
        HEX.parseHex(salt),
        HEX.parseHex(key),
        new byte[0],
        HEX.parseHex(salt));
  }
}
