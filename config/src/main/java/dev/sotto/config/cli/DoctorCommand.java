package dev.sotto.config.cli;

import dev.sotto.config.doctor.Doctor;
import dev.sotto.config.doctor.Finding;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sotto doctor}: a line for each check, and a remedy below what is not well. */
@Command(name = "doctor", description = "Check ports, keys, TLS, limits and clock.")
final class DoctorCommand implements Callable<Integer> {

  private final Host host;
  @Mixin private SettingsOptions options;

  DoctorCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() {
    List<Finding> findings = Doctor.examine(options.load(host), host.clock());
    for (Finding finding : findings) {
      host.out()
          .println(
              "%-4s  %s"
                  .formatted(finding.grade().name().toLowerCase(Locale.ROOT), finding.text()));
      finding.remedy().ifPresent(remedy -> host.out().println("      " + remedy));
    }
    boolean failed = findings.stream().anyMatch(f -> f.grade() == Finding.Grade.FAIL);
    return failed ? ExitCode.FAILURE : ExitCode.OK;
  }
}
