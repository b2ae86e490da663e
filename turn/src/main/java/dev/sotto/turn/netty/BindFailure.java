package dev.sotto.turn.netty;

import dev.sotto.turn.TurnServerException;
import java.net.InetSocketAddress;

/** Says in one line which address could not be bound and why. */
final class BindFailure {
  private BindFailure() {}

  static TurnServerException of(String protocol, InetSocketAddress address, Throwable cause) {
    return new TurnServerException(
        "cannot listen on "
            + protocol
            + " "
            + address.getAddress().getHostAddress()
            + " port "
            + address.getPort()
            + ": "
            + cause.getMessage(),
        cause);
  }
}
