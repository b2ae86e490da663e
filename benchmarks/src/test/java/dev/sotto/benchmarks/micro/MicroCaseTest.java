package dev.sotto.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sotto.benchmarks.report.Figures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MicroCaseTest {

  @Test
  void all_values_of_all_parameters_are_combined() {
    Map<String, List<String>> values = new LinkedHashMap<>();
    values.put("implementation", List.of("SOTTO", "JITSI_SRTP"));
    values.put("bytes", List.of("160", "1200"));

    List<MicroCase> cases = MicroCase.of("a.b.SrtpBenchmark.protectInPlace", values);

    assertThat(cases)
        .extracting(MicroCase::name, MicroCase::server)
        .containsExactly(
            tuple("srtp protect in place, 160 bytes", "sotto"),
            tuple("srtp protect in place, 160 bytes", "jitsi-srtp"),
            tuple("srtp protect in place, 1200 bytes", "sotto"),
            tuple("srtp protect in place, 1200 bytes", "jitsi-srtp"));
  }

  @Test
  void a_benchmark_without_parameters_is_sottos() {
    assertThat(MicroCase.of("a.HeaderBenchmark.read", Map.of()))
        .singleElement()
        .satisfies(one -> {
          assertThat(one.name()).isEqualTo("header read");
          assertThat(one.server()).isEqualTo(Figures.SOTTO);
        });
  }

  @Test
  void the_compiler_has_listed_what_is_to_be_measured() {
    List<String> names = MicroBenchmarks.all().stream().map(MicroCase::name).toList();
    assertThat(names)
        .contains(
            "srtp protect, 1200 bytes, AEAD_AES_128_GCM",
            "srtp unprotect, 160 bytes, AES_CM_128_HMAC_SHA1_80",
            "descriptor read without structure",
            "descriptor read new structure",
            "header rewrite for receiver",
            "address hit, IPV4",
            "address miss, IPV6");
    assertThat(MicroBenchmarks.all())
        .filteredOn(one -> one.name().startsWith("srtp"))
        .extracting(MicroCase::server)
        .containsOnly("sotto", "jdk", "jitsi-srtp");
  }
}
