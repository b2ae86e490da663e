package dev.sotto.config.cli;

import dev.sotto.config.roles.Context;
import dev.sotto.config.roles.RoleFactory;
import dev.sotto.config.roles.RunningRelay;
import dev.sotto.config.roles.RunningRole;
import dev.sotto.config.roles.RunningTurn;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Roles that only write down what is asked of them, by whatever thread. */
final class RecordedRoles implements RoleFactory {

  static final int TURN_PORT = 13_478;
  static final int RELAY_PORT = 20_000;

  final List<String> events = Collections.synchronizedList(new ArrayList<>());
  volatile Runnable whenStarted = () -> {};
  volatile Runnable whenReloaded = () -> {};

  @Override
  public RunningTurn turn(Context context) {
    events.add("start turn");
    return new RecordedRole("turn", TURN_PORT, "turn:127.0.0.1:" + TURN_PORT);
  }

  @Override
  public RunningRelay relay(Context context) {
    events.add("start relay");
    return new RecordedRole("relay", RELAY_PORT, "udp://127.0.0.1:" + RELAY_PORT);
  }

  @Override
  public RunningRole signalling(Context context, Optional<RunningTurn.Ports> turn) {
    whenStarted.run();
    events.add("start signalling" + turn.map(ports -> " with turn " + ports.udp()).orElse(""));
    return new RecordedRole("signalling", 18_080, "http://127.0.0.1:18080/");
  }

  /** Either role: signalling's ports are of no interest to others. */
  private final class RecordedRole implements RunningTurn, RunningRelay {
    private final String name;
    private final int port;
    private final String uri;

    RecordedRole(String name, int port, String uri) {
      this.name = name;
      this.port = port;
      this.uri = uri;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int port() {
      return port;
    }

    @Override
    public Ports ports() {
      return new Ports(port, port, Optional.empty());
    }

    @Override
    public void open(List<InetSocketAddress> mediaAddresses) {
      events.add("open " + mediaAddresses.getFirst().getPort());
    }

    @Override
    public List<InetSocketAddress> mediaAddresses() {
      return List.of(InetSocketAddress.createUnresolved("127.0.0.1", port));
    }

    @Override
    public String uri() {
      return uri;
    }

    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public void registerMetrics(MeterRegistry registry) {
      registry.counter("sotto." + name + ".started").increment();
    }

    @Override
    public void reload(Context context) {
      events.add("reload " + name + " in " + context.settings().drainTimeout());
      whenReloaded.run();
    }

    @Override
    public void drain(Duration deadline) {
      events.add("drain " + name);
    }

    @Override
    public void close() {
      events.add("close " + name);
    }
  }
}
