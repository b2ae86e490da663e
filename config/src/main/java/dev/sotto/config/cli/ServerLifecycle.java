package dev.sotto.config.cli;

import dev.sotto.config.cli.ProcessSignals.Wish;
import dev.sotto.config.management.ManagementServer;
import dev.sotto.config.memory.HeapWatch;
import dev.sotto.config.roles.Context;
import dev.sotto.config.roles.RunningRole;
import dev.sotto.config.roles.StartException;
import dev.sotto.config.settings.Settings;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server from start to stop: roles, management, the ready line, a drain when it is told to end.
 */
final class ServerLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ServerLifecycle.class);

  /** What closing may take after the drain, before the process is ended by force. */
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

  /**
   * What a command starts.
   *
   * @param start starts the roles in order and hands each over as soon as it runs
   * @param readyLine what is printed once all answer
   */
  record Plan(
      String managementSetting,
      Function<Settings.Management, Integer> managementPort,
      Starter start,
      Function<List<RunningRole>, String> readyLine) {}

  /** Starts roles. */
  @FunctionalInterface
  interface Starter {
    void start(Context context, Consumer<RunningRole> started);
  }

  private final Host host;

  ServerLifecycle(Host host) {
    this.host = host;
  }

  /**
   * Runs until it is asked to stop; the exit status.
   *
   * @param loadAgain reads the settings at each reload
   */
  int run(Settings settings, Supplier<Settings> loadAgain, Plan plan) throws InterruptedException {
    List<RunningRole> roles = new ArrayList<>();
    Optional<HeapWatch> heap = HeapWatch.start();
    try {
      plan.start().start(Context.of(settings, host.clock()), roles::add);
      Reloading reloading = new Reloading(settings, loadAgain, host.clock());
      try (ManagementServer management = management(settings, plan, roles);
          ReloadThread reloads = new ReloadThread(reloading, roles)) {
        announce(settings, plan, roles, management);
        while (host.signals().next() == Wish.RELOAD) {
          reloads.reload();
        }
        stop(reloading.settings(), roles, management);
      }
    } finally {
      roles.reversed().forEach(RunningRole::close);
      heap.ifPresent(HeapWatch::close);
    }
    host.signals().finish();
    return ExitCode.OK;
  }

  private static ManagementServer management(
      Settings settings, Plan plan, List<RunningRole> roles) {
    return ManagementServer.start(
        new InetSocketAddress(
            settings.management().address(), plan.managementPort().apply(settings.management())),
        plan.managementSetting(),
        roles);
  }

  private void announce(
      Settings settings, Plan plan, List<RunningRole> roles, ManagementServer management) {
    for (RunningRole role : roles) {
      if (!role.ready()) {
        throw new StartException("the " + role.name() + " role stopped while it started", null);
      }
    }
    log.atInfo()
        .addKeyValue("domain", settings.domain())
        .addKeyValue("roles", roles.stream().map(RunningRole::name).toList())
        .addKeyValue("managementPort", management.address().getPort())
        .addKeyValue("startedMillis", ManagementFactory.getRuntimeMXBean().getUptime())
        .log("ready");
    host.out().println(plan.readyLine().apply(roles));
    host.out().flush();
  }

  private void stop(Settings settings, List<RunningRole> roles, ManagementServer management) {
    log.info("stopping");
    host.signals().forceAfter(settings.drainTimeout().plus(CLOSE_GRACE));
    management.drain();
    roles.reversed().forEach(role -> role.drain(settings.drainTimeout()));
  }
}
