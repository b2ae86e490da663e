package dev.sotto.media.demux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("RFC 7983 section 7: what a datagram claims to be")
class PacketKindTest {
  private static final int OFFSET = 3;
  private final MemorySegment memory = Arena.ofAuto().allocate(64);

  @ParameterizedTest
  @CsvSource({
    "0, STUN",
    "3, STUN",
    "4, OTHER",
    "15, OTHER",
    "16, OTHER",
    "19, OTHER",
    "20, DTLS",
    "63, DTLS",
    "64, OTHER",
    "79, OTHER",
    "80, OTHER",
    "127, OTHER",
    "128, RTP",
    "191, RTP",
    "192, OTHER",
    "255, OTHER"
  })
  void section_7_the_first_byte_decides(int first, PacketKind kind) {
    assertThat(kindOf(first, 96, 40)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({"191, RTP", "192, RTCP", "200, RTCP", "223, RTCP", "224, RTP", "96, RTP", "224, RTP"})
  void rfc_5761_section_4_the_packet_type_tells_rtcp_from_rtp(int second, PacketKind kind) {
    assertThat(kindOf(0x80, second, 40)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 19, TRUNCATED", "0, 0, 20, STUN",
    "22, 0, 12, TRUNCATED", "22, 0, 13, DTLS",
    "128, 96, 11, TRUNCATED", "128, 96, 12, RTP",
    "128, 200, 7, TRUNCATED", "128, 200, 8, RTCP",
    "128, 96, 1, TRUNCATED"
  })
  void what_is_shorter_than_its_header_is_truncated(
      int first, int second, int length, PacketKind kind) {
    assertThat(kindOf(first, second, length)).isEqualTo(kind);
  }

  @Test
  void an_empty_datagram_is_truncated_wherever_it_lies() {
    assertThat(PacketKind.of(memory, memory.byteSize(), 0)).isEqualTo(PacketKind.TRUNCATED);
  }

  @Property
  void every_first_byte_has_exactly_one_kind_and_length_changes_only_whether_it_is_truncated(
      @ForAll @IntRange(max = 255) int first,
      @ForAll @IntRange(max = 255) int second,
      @ForAll @IntRange(max = 40) int length) {
    PacketKind whole = kindOf(first, second, 40);
    assertThat(kindOf(first, second, length)).isIn(whole, PacketKind.TRUNCATED);
  }

  private PacketKind kindOf(int first, int second, int length) {
    Wire.putU8(memory, OFFSET, first);
    Wire.putU8(memory, OFFSET + 1L, second);
    return PacketKind.of(memory, OFFSET, length);
  }
}
