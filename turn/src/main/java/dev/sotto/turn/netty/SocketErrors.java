package dev.sotto.turn.netty;

/** What the kernel keeps of errors of one socket. */
interface SocketErrors {
  /** For sockets whose errors nobody wants to hear of. */
  SocketErrors IGNORED = () -> 0;

  /**
   * Takes the errors that have come and passes them on.
   *
   * @return how many there were
   */
  int fetch();
}
