package dev.sotto.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.rtp.testkit.Bytes;
import dev.sotto.media.rtp.testkit.Recorded;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportFeedbackTest {
  private static final String HEADER = "00000001 00000002 ";

  private final RtcpCompound compound = new RtcpCompound();
  private final TransportFeedback feedback = new TransportFeedback();
  private final List<String> told = new ArrayList<>();

  /** What the sink is told: the number, and when it arrived in ticks of 250 us. */
  private boolean read(String information) {
    String body = (HEADER + information).replace(" ", "");
    String length = "%04x".formatted(body.length() / 8);
    MemorySegment segment = Bytes.hex("8fcd" + length + body);
    assertThat(compound.wrap(segment, 0, (int) segment.byteSize())).isTrue();
    assertThat(compound.next()).isTrue();
    told.clear();
    return feedback.read(
        compound,
        (number, received, arrivalMicros) ->
            told.add(number + (received ? "@" + arrivalMicros / 250 : " lost")));
  }

  @Test
  void section_3_1_1_a_run_of_small_deltas_counts_from_the_reference_time() {
    assertThat(read("0005 0003 000002 07 2003 01 02 03 000000")).isTrue();

    assertThat(told).containsExactly("5@513", "6@515", "7@518");
    assertThat(feedback.senderSsrc()).isEqualTo(1);
    assertThat(feedback.mediaSsrc()).isEqualTo(2);
    assertThat(feedback.feedbackCount()).isEqualTo(7);
  }

  @Test
  void section_3_1_1_large_deltas_are_signed() {
    assertThat(read("0005 0002 000001 07 4002 7fff ffff 0000")).isTrue();

    assertThat(told).containsExactly("5@33023", "6@33022");
  }

  @Test
  void section_3_1_3_a_run_of_lost_packets_has_no_deltas() {
    assertThat(read("fffe 0004 000001 07 0003 2001 10 000000")).isTrue();

    assertThat(told).containsExactly("65534 lost", "65535 lost", "0 lost", "1@272");
  }

  @Test
  void section_3_1_4_a_vector_of_one_bit_symbols() {
    assertThat(read("0000 000e 000000 00 a001 01 02")).isTrue();

    assertThat(told).hasSize(14).startsWith("0@1", "1 lost").endsWith("12 lost", "13@3");
  }

  @Test
  void section_3_1_4_a_vector_of_two_bit_symbols() {
    assertThat(read("0000 0007 000000 00 d002 01 0100 000000")).isTrue();

    assertThat(told)
        .containsExactly("0@1", "1 lost", "2 lost", "3 lost", "4 lost", "5 lost", "6@257");
  }

  @Test
  void symbols_beyond_the_count_are_nothing() {
    assertThat(read("0000 0001 000000 00 bfff 01 00")).isTrue();
    assertThat(told).containsExactly("0@1");

    assertThat(read("0000 0001 000000 00 3fff 01 00")).isTrue();
    assertThat(told).containsExactly("0@1");
  }

  @Test
  void empty_runs_are_skipped() {
    assertThat(read("0000 0001 000000 00 0000 2000 2001 01 00")).isTrue();

    assertThat(told).containsExactly("0@1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0000 0001",
        "0000 0001 000000 00",
        "0000 0000 000000 00 2001 0100",
        "0000 0003 000000 00 2003 0100",
        "0000 0002 000000 00 4002 0100",
        "0000 0010 000000 00 bfff 0000",
        "0000 0001 000000 00 6001 0100",
        "0000 0007 000000 00 f000 0000",
        "0000 ffff 000000 00 0000 0000",
      })
  void feedback_that_is_cut_off_or_has_undefined_symbols_is_refused_without_a_word(
      String information) {
    assertThat(read(information)).isFalse();
    assertThat(told).isEmpty();
  }

  @Test
  void the_reference_time_goes_on_over_its_wrap_and_back() {
    read("0000 0001 ffffff 00 2001 01 00");
    assertThat(told).containsExactly("0@" + ((1L << 24) * 256 - 255));
    read("0001 0001 000000 00 2001 01 00");
    assertThat(told).containsExactly("1@" + ((1L << 24) * 256 + 1));
    read("0002 0001 fffffe 00 2001 01 00");
    assertThat(told).containsExactly("2@" + ((1L << 24) * 256 - 511));
  }

  @Test
  void what_chromium_reports_is_when_its_packets_came() {
    Map<Integer, Integer> arrivalMillis = new HashMap<>();
    Map<Integer, Long> reportedMicros = new HashMap<>();
    for (String line : Recorded.lines("/chromium/transport-feedback.txt")) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("P")) {
        arrivalMillis.put(Integer.valueOf(words[1]), Integer.valueOf(words[2]));
      } else {
        MemorySegment segment = Bytes.hex(words[1]);
        assertThat(compound.wrap(segment, 0, (int) segment.byteSize())).isTrue();
        assertThat(compound.next()).isTrue();
        assertThat(
                feedback.read(
                    compound,
                    (number, received, micros) -> {
                      if (received) {
                        reportedMicros.put(number, micros);
                      }
                    }))
            .isTrue();
      }
    }
    List<Long> offsets =
        reportedMicros.entrySet().stream()
            .map(entry -> entry.getValue() - 1000L * arrivalMillis.get(entry.getKey()))
            .sorted()
            .toList();

    // The two clocks differ by a constant; the log was written up to some ms after the arrival.
    assertThat(reportedMicros).hasSizeGreaterThan(1000);
    long median = offsets.get(offsets.size() / 2);
    long near = offsets.stream().filter(offset -> Math.abs(offset - median) < 10_000).count();
    assertThat(near).isGreaterThan(offsets.size() * 95L / 100);
  }
}
