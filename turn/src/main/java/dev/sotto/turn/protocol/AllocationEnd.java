package dev.sotto.turn.protocol;

import java.util.Locale;

/** Why an allocation ended, for its last log line. */
enum AllocationEnd {
  DELETED,
  EXPIRED,
  CLIENT_GONE,
  SHUTDOWN;

  String inLogs() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
