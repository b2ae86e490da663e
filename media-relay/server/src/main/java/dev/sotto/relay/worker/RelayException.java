package dev.sotto.relay.worker;

/**
 * The relay cannot be started or changed as asked; the message is one line that says what to do.
 */
public final class RelayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RelayException(String message, Throwable cause) {
    super(message, cause);
  }
}
