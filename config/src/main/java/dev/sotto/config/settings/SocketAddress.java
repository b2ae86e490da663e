package dev.sotto.config.settings;

import java.net.Inet6Address;
import java.net.InetAddress;

/** An IP address and a port, written {@code 192.0.2.7:3478} or {@code [2001:db8::7]:3478}. */
public record SocketAddress(InetAddress address, int port) {

  private static final int MAX_PORT = 65_535;

  static SocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(colon, 0));
    boolean isBracketed = host.startsWith("[") && host.endsWith("]");
    InetAddress address =
        InetAddress.ofLiteral(isBracketed ? host.substring(1, host.length() - 1) : host);
    int port = Integer.parseInt(text.substring(colon + 1));
    if (port < 1 || port > MAX_PORT || isBracketed != address instanceof Inet6Address) {
      throw new IllegalArgumentException();
    }
    return new SocketAddress(address, port);
  }
}
