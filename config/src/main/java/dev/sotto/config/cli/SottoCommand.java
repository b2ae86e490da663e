package dev.sotto.config.cli;

import dev.sotto.config.keys.KeyException;
import dev.sotto.config.roles.StartException;
import dev.sotto.config.settings.SettingsException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line: dispatches to a command and turns what goes wrong into one line and a status.
 */
@Command(
    name = "sotto",
    description = "End-to-end encrypted calling server.",
    versionProvider = SottoCommand.Version.class,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The launcher ./sotto also has: test (the whole test suite), bench (measurements).",
      "Every option of the servers is in config/sotto.yml."
    })
public final class SottoCommand implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(SottoCommand.class);

  @Spec private CommandSpec spec;

  /** The version that the jar's manifest states. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "sotto "
            + Optional.ofNullable(SottoCommand.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)")
      };
    }
  }

  private SottoCommand() {}

  /** Runs one command line; the exit status. */
  public static int execute(Host host, String... arguments) {
    CommandLine commands =
        new CommandLine(new SottoCommand())
            .addSubcommand(new RunCommand(host))
            .addSubcommand(new SignallingCommand(host))
            .addSubcommand(new RelayCommand(host))
            .addSubcommand(new TurnCommand(host))
            .addSubcommand(new TokenCommand(host))
            .addSubcommand(new DoctorCommand(host));
    commands
        .getSubcommands()
        .values()
        .forEach(c -> c.getCommandSpec().mixinStandardHelpOptions(true));
    return commands
        .setOut(new PrintWriter(host.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(host.err(), true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler((e, _) -> usageError(host, e.getMessage()))
        .setExecutionExceptionHandler((e, _, _) -> failure(host, e))
        .execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command");
  }

  private static int usageError(Host host, String message) {
    host.err().println(message + " (see: sotto --help)");
    return ExitCode.USAGE;
  }

  private static int failure(Host host, Exception e) {
    return switch (e) {
      case SettingsException _ -> {
        host.err().println(e.getMessage());
        yield ExitCode.USAGE;
      }
      case KeyException _, StartException _ -> {
        host.err().println(e.getMessage());
        log.debug("the cause", e);
        yield ExitCode.FAILURE;
      }
      default -> {
        log.error("unexpected failure", e);
        yield ExitCode.FAILURE;
      }
    };
  }
}
