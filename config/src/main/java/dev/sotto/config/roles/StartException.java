package dev.sotto.config.roles;

/** A role could not start. The message is one line and says what to change. */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
