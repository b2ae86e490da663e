package dev.sotto.config;

import dev.sotto.config.cli.Host;
import dev.sotto.config.cli.ProcessSignals;
import dev.sotto.config.cli.SottoCommand;
import dev.sotto.config.roles.ServerRoles;
import java.nio.file.Path;
import java.time.Clock;

/** The jar's entry point: hands the process to the command line. */
public final class Main {

  private Main() {}

  /** Runs one command and ends the process with its status. */
  public static void main(String[] arguments) {
    Host host =
        new Host(
            System.out,
            System.err,
            System.getenv(),
            Path.of(System.getProperty("sotto.home", "")),
            Clock.systemUTC(),
            new ServerRoles(),
            new ProcessSignals().install());
    System.exit(SottoCommand.execute(host, arguments));
  }
}
