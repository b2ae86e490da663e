package dev.sotto.turn.protocol;

import dev.sotto.turn.ClientTransport;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/** The counters of one event loop, apart for each transport of its clients. */
public final class Counters {
  private final Map<ClientTransport, TransportCounters> transports =
      new EnumMap<>(ClientTransport.class);

  public Counters() {
    EnumSet.allOf(ClientTransport.class)
        .forEach(transport -> transports.put(transport, new TransportCounters()));
  }

  public TransportCounters of(ClientTransport transport) {
    return transports.get(transport);
  }
}
