package dev.sotto.config.keys;

/**
 * A key, or the folder that keeps it, cannot be used. The message is one line and names the file.
 */
public final class KeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
