package dev.sotto.config.doctor;

import dev.sotto.config.settings.Settings;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** Runs every check; it opens no connection and changes nothing but missing generated keys. */
public final class Doctor {

  private Doctor() {}

  /** All findings, in the order in which they matter. */
  public static List<Finding> examine(Settings settings, Clock clock) {
    return Stream.of(
            PortCheck.run(settings), KeyCheck.run(settings, clock), MachineCheck.run(clock))
        .flatMap(List::stream)
        .toList();
  }
}
