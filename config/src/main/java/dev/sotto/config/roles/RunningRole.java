package dev.sotto.config.roles;

import dev.sotto.config.management.ManagementResource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;

/** A role whose listeners are bound. */
public interface RunningRole extends AutoCloseable {

  /** The role's name on the command line. */
  String name();

  /** The port that its first listener got. */
  int port();

  /** Where clients reach it, as a URI. */
  String uri();

  /** Whether every listener accepts. */
  boolean ready();

  /** Registers the role's counters. */
  void registerMetrics(MeterRegistry registry);

  /** What it answers on the management port. */
  default List<ManagementResource> resources() {
    return List.of();
  }

  /**
   * Takes up what this context says of keys, secrets and lists; who is connected stays so.
   *
   * @throws StartException when it cannot
   */
  void reload(Context context);

  /** Lets clients leave, for at most {@code deadline}. */
  void drain(Duration deadline);

  @Override
  void close();
}
