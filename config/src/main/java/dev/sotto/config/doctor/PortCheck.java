package dev.sotto.config.doctor;

import dev.sotto.config.settings.Settings;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Whether every port of the settings can be bound. */
final class PortCheck {

  private enum Transport {
    TCP,
    UDP
  }

  private record Port(String key, Transport transport, InetAddress address, int number) {}

  private PortCheck() {}

  static List<Finding> run(Settings settings) {
    return ports(settings).stream().map(PortCheck::check).toList();
  }

  private static List<Port> ports(Settings settings) {
    InetAddress address = settings.listenAddress();
    List<Port> ports = new ArrayList<>();
    ports.add(new Port("sotto.http.port", Transport.TCP, address, settings.http().port()));
    if (settings.https().enabled()) {
      ports.add(new Port("sotto.https.port", Transport.TCP, address, settings.https().port()));
    }
    ports.add(new Port("sotto.xmpp.port", Transport.TCP, address, settings.xmpp().port()));
    if (settings.xmpp().directTls().enabled()) {
      ports.add(
          new Port(
              "sotto.xmpp.direct-tls.port",
              Transport.TCP,
              address,
              settings.xmpp().directTls().port()));
    }
    ports.add(new Port("sotto.turn.port", Transport.UDP, address, settings.turn().port()));
    ports.add(new Port("sotto.turn.port", Transport.TCP, address, settings.turn().port()));
    if (settings.turn().tls().enabled()) {
      ports.add(
          new Port("sotto.turn.tls.port", Transport.UDP, address, settings.turn().tls().port()));
      ports.add(
          new Port("sotto.turn.tls.port", Transport.TCP, address, settings.turn().tls().port()));
    }
    ports.add(new Port("sotto.relay.port", Transport.UDP, address, settings.relay().port()));
    ports.add(
        new Port(
            "sotto.management.signalling-port",
            Transport.TCP,
            settings.management().address(),
            settings.management().signallingPort()));
    return ports;
  }

  private static Finding check(Port port) {
    String what =
        "%s port %d on %s (%s)"
            .formatted(
                port.transport(), port.number(), port.address().getHostAddress(), port.key());
    try {
      bind(port);
      return Finding.ok(what + " is free");
    } catch (IOException e) {
      return Finding.fail(
          what + " cannot be bound: " + e.getMessage(),
          "stop what uses it (ss -lntup shows it; it may be Sotto itself), or set " + port.key());
    }
  }

  private static void bind(Port port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(port.address(), port.number());
    switch (port.transport()) {
      case TCP -> {
        try (ServerSocket socket = new ServerSocket()) {
          socket.setReuseAddress(true);
          socket.bind(address);
        }
      }
      case UDP -> {
        try (DatagramSocket socket = new DatagramSocket(null)) {
          socket.bind(address);
        }
      }
    }
  }
}
