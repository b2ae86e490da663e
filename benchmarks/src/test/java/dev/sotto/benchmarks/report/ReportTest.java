package dev.sotto.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sotto.benchmarks.report.Row.Better;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {

  private static final Report REPORT =
      new Report(
          "turn <quick>",
          "abc",
          "a machine",
          Instant.parse("2026-01-02T03:04:05Z"),
          List.of(
              new Row(
                  "ChannelData 160 B",
                  "cpu-us-per-packet",
                  "µs",
                  Better.LOWER,
                  Spread.of(4, 3, 5),
                  Map.of("coturn", Spread.of(8, 8, 8)),
                  Map.of("coturn", Spread.of(0.5, 0.4, 0.6)))));

  @Test
  void theSpreadOfMeasurementsIsTheirMiddleAndTheirEnds() {
    assertThat(Spread.of(5, 1, 3, 2, 4)).isEqualTo(new Spread(3, 1, 5));
  }

  @Test
  void aPercentileIsAlwaysAValueThatWasMeasured() {
    double[] ascending = {1, 2, 3, 4, 5, 6, 7, 8, 9, 100};
    assertThat(Spread.percentile(ascending, 50)).isEqualTo(5);
    assertThat(Spread.percentile(ascending, 95)).isEqualTo(100);
    assertThat(Spread.percentile(ascending, 0)).isEqualTo(1);
  }

  @Test
  void theJsonHasTheFieldsThatScriptsReadOn() throws ParseException {
    Map<String, Object> json = JSONObjectUtils.parse(REPORT.toJson());
    assertThat(json)
        .containsOnlyKeys("name", "commit", "machine", "startedAt", "rows")
        .containsEntry("startedAt", "2026-01-02T03:04:05Z");
    assertThat((List<?>) json.get("rows"))
        .singleElement()
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("case", "ChannelData 160 B")
        .containsEntry("metric", "cpu-us-per-packet")
        .containsEntry("better", "lower")
        .containsKeys("unit", "sotto", "peers", "ratio");
  }

  @Test
  void bothFilesAreWrittenAndNamesCannotBecomeMarkup(@TempDir Path folder) throws Exception {
    REPORT.write(folder.resolve("new"));
    assertThat(folder.resolve("new/report.json")).content().contains("coturn");
    assertThat(Files.readString(folder.resolve("new/report.html")))
        .contains("turn &lt;quick>")
        .doesNotContain("<quick>");
  }
}
