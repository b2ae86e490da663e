package dev.sotto.config.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code sotto relay}: says that group calls' media has no server yet. */
@Command(name = "relay", description = "Run a media relay (not in this release).")
final class RelayCommand implements Callable<Integer> {

  private final Host host;

  RelayCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() {
    host.err()
        .println(
            "This release has no media relay yet: calls of two work, directly or through TURN,"
                + " with ./sotto run");
    return ExitCode.FAILURE;
  }
}
