package dev.sotto.benchmarks;

import dev.sotto.benchmarks.calls.CallSetUp;
import dev.sotto.benchmarks.relay.RelayComparison;
import dev.sotto.benchmarks.turn.TurnComparison;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./sotto bench NAME [--quick] [--out DIR]}: each writes report.json and report.html. */
@Command(
    name = "sotto bench",
    description = "Measures Sotto, and peers beside it in the same run.",
    mixinStandardHelpOptions = true,
    subcommands = {CallSetUp.class, RelayComparison.class, TurnComparison.class})
public final class Main {

  private Main() {}

  /** Exit codes: 0 ok, 1 failure, 2 usage. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
