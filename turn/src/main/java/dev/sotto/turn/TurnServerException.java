package dev.sotto.turn;

/** The server cannot start; the message says why in one line and names address and port. */
public final class TurnServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TurnServerException(String message, Throwable cause) {
    super(message, cause);
  }
}
