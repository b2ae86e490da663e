package dev.sotto.config.cli;

import dev.sotto.config.cli.ServerLifecycle.Plan;
import dev.sotto.config.settings.Settings;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sotto signalling}: the XMPP endpoint and the call page. */
@Command(name = "signalling", description = "Run signalling and the call page.")
final class SignallingCommand implements Callable<Integer> {

  private final Host host;
  @Mixin private SettingsOptions options;

  SignallingCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() throws InterruptedException {
    Plan plan =
        new Plan(
            "sotto.management.signalling-port",
            Settings.Management::signallingPort,
            (context, started) ->
                started.accept(host.roles().signalling(context, Optional.empty())),
            roles -> "Sotto signalling is ready: " + roles.getFirst().uri());
    return new ServerLifecycle(host).run(options.load(host), () -> options.loadAgain(host), plan);
  }
}
