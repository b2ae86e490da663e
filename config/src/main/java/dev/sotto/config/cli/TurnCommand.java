package dev.sotto.config.cli;

import dev.sotto.config.cli.ServerLifecycle.Plan;
import dev.sotto.config.settings.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sotto turn}: the STUN and TURN server. */
@Command(name = "turn", description = "Run the STUN and TURN server.")
final class TurnCommand implements Callable<Integer> {

  private final Host host;
  @Mixin private SettingsOptions options;

  TurnCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() throws InterruptedException {
    Plan plan =
        new Plan(
            "sotto.management.turn-port",
            Settings.Management::turnPort,
            (context, started) -> started.accept(host.roles().turn(context)),
            roles -> "Sotto turn is ready: " + roles.getFirst().uri());
    return new ServerLifecycle(host).run(options.load(host), () -> options.loadAgain(host), plan);
  }
}
