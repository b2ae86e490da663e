package dev.sotto.config.cli;

import dev.sotto.config.cli.ServerLifecycle.Plan;
import dev.sotto.config.settings.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sotto relay}: the media relay of group calls. */
@Command(name = "relay", description = "Run a media relay.")
final class RelayCommand implements Callable<Integer> {

  private final Host host;
  @Mixin private SettingsOptions options;

  RelayCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() throws InterruptedException {
    Plan plan =
        new Plan(
            "sotto.management.relay-port",
            Settings.Management::relayPort,
            (context, started) -> started.accept(host.roles().relay(context)),
            roles -> "Sotto relay is ready: " + roles.getFirst().uri());
    return new ServerLifecycle(host).run(options.load(host), () -> options.loadAgain(host), plan);
  }
}
