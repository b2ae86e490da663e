package dev.sotto.config.cli;

/** Exit statuses; scripts rely on them. */
public final class ExitCode {
  /** Done. */
  public static final int OK = 0;

  /** Something failed. */
  public static final int FAILURE = 1;

  /** The command line or a setting is wrong. */
  public static final int USAGE = 2;

  private ExitCode() {}
}
