package dev.sotto.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RelayCommandTest {

  @TempDir private Path folder;

  @Test
  void one_kind_of_measurement_is_asked_for_at_a_time() {
    StringWriter errors = new StringWriter();
    CommandLine command =
        new CommandLine(new RelayComparison()).setErr(new PrintWriter(errors, true));
    assertThat(command.execute("--micro", "--sweep")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(errors.toString()).contains("mutually exclusive");
  }

  @Test
  void jmhs_figures_go_into_the_report_that_scripts_read() throws Exception {
    CommandLine command = new CommandLine(new RelayComparison());
    int code =
        command.execute(
            "--micro", "--quick", "--only", "^header read$", "--out", folder.toString());
    assertThat(code).isZero();
    assertThat(folder.resolve("report.html")).isNotEmptyFile();
    assertThat(JSONObjectUtils.parse(Files.readString(folder.resolve("report.json"))))
        .containsEntry("name", "relay-micro")
        .hasEntrySatisfying("rows", rows -> assertThat((List<?>) rows).hasSize(2));
  }

  @Test
  void a_name_that_no_case_has_is_a_failure() {
    int code =
        new CommandLine(new RelayComparison())
            .execute("--micro", "--quick", "--only", "heeder", "--out", folder.toString());
    assertThat(code).isEqualTo(CommandLine.ExitCode.SOFTWARE);
  }

  @Test
  void a_case_of_the_sweep_is_named_by_its_meeting_and_its_time() {
    assertThat(GatherSweep.name(Meeting.oneToMany(50), 250))
        .isEqualTo("1 to 50 video, gathered for 0.25 ms");
    assertThat(GatherSweep.name(Meeting.everybody(8), 0))
        .isEqualTo("8 x 8 meeting, gathered for 0.00 ms");
  }
}
