package dev.sotto.config.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sotto relay}: says that group calls' media has no server yet. */
@Command(name = "relay", description = "Run a media relay (not in this release).")
final class RelayCommand implements Callable<Integer> {

  private final Host host;
  @Mixin private SettingsOptions options;

  RelayCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() {
    var _ = options.load(host); // A wrong setting is worth a word in any case.
    host.err()
        .println(
            "This release has no media relay yet: calls of two work, directly or through TURN,"
                + " with ./sotto run");
    return ExitCode.FAILURE;
  }
}
