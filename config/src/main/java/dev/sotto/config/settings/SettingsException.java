package dev.sotto.config.settings;

/** A setting that cannot be used. The message is one line: key, value, and what is allowed. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SettingsException(String message) {
    super(message);
  }

  public SettingsException(String message, Throwable cause) {
    super(message, cause);
  }
}
