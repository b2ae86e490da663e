package dev.sotto.turn.violation;

/** Stands for any class of the module in tests of the architecture rules. */
public final class Target {
  private Target() {}
}
