package dev.sotto.turn.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RecordGuardTest {
  private static final int SHORTEST = 24;
  private static final String NUMBER = "000000000001";

  @Test
  void whole_records_of_versions_that_exist_are_admitted() {
    assertThat(admits("16feff0000" + NUMBER + "000d" + "0100000100000000000001" + "0000")).isTrue();
    assertThat(admits("14fefd0000" + NUMBER + "0001" + "01")).isTrue();
    assertThat(admits("17fefd0001" + NUMBER + "0018" + "00".repeat(24))).isTrue();
  }

  @Test
  void a_version_that_does_not_exist_is_not() {
    assertThat(admits("14fefe0000" + NUMBER + "0001" + "01")).isFalse();
  }

  @Test
  void what_is_too_short_to_be_decrypted_is_not() {
    assertThat(admits("17fefd0001" + NUMBER + "0017" + "00".repeat(23))).isFalse();
    assertThat(admits("14fefd0000" + NUMBER + "0001" + "01" + "17fefd0001" + NUMBER + "0000"))
        .as("behind another record")
        .isFalse();
  }

  @Test
  void a_message_of_megabytes_is_not_even_behind_another() {
    String small = "0b000001" + "0001" + "000000" + "000001" + "00";
    String huge = "0bffffff" + "0001" + "000000" + "000001" + "00";

    assertThat(admits("16fefd0000" + NUMBER + "000d" + small)).isTrue();
    assertThat(admits("16fefd0000" + NUMBER + "000d" + huge)).isFalse();
    assertThat(admits("16fefd0000" + NUMBER + "001a" + small + huge)).isFalse();
  }

  @Test
  void records_that_are_cut_off_are_not() {
    String whole = "14fefd0000" + NUMBER + "0001" + "01";
    for (int bytes = 1; bytes < whole.length() / 2; bytes++) {
      assertThat(admits(whole.substring(0, 2 * bytes))).isFalse();
    }
  }

  private static boolean admits(String hex) {
    byte[] datagram = HexFormat.of().parseHex(hex);
    return RecordGuard.admits(datagram, datagram.length, SHORTEST);
  }
}
