package dev.sotto.config.cli;

import dev.sotto.config.cli.ServerLifecycle.Plan;
import dev.sotto.config.roles.Context;
import dev.sotto.config.roles.RunningRelay;
import dev.sotto.config.roles.RunningRole;
import dev.sotto.config.roles.RunningTurn;
import dev.sotto.config.settings.Settings;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sotto run}: every role in one process. */
@Command(name = "run", description = "Run all roles in one process.")
final class RunCommand implements Callable<Integer> {

  private final Host host;
  @Mixin private SettingsOptions options;

  /** The launcher records a start in this way, from which the next ones are faster. */
  @Option(names = "--rehearse", hidden = true, description = "Stop as soon as all answer.")
  private boolean rehearse;

  RunCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() throws InterruptedException {
    Plan plan =
        new Plan(
            "sotto.management.signalling-port",
            Settings.Management::signallingPort,
            this::start,
            roles -> "Sotto is ready: " + roles.getLast().uri());
    if (rehearse) {
      host.signals().stop();
    }
    return new ServerLifecycle(host).run(options.load(host), () -> options.loadAgain(host), plan);
  }

  /** TURN first: signalling tells clients the ports that it got, and the relay opens its own. */
  private void start(Context context, Consumer<RunningRole> started) {
    context.checkKeys();
    RunningTurn turn = host.roles().turn(context);
    started.accept(turn);
    RunningRelay relay = host.roles().relay(context);
    started.accept(relay);
    turn.open(relay.mediaAddresses());
    started.accept(host.roles().signalling(context, Optional.of(turn.ports())));
  }
}
