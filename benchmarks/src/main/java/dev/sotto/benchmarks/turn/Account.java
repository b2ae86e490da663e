package dev.sotto.benchmarks.turn;

/** A lasting user of the servers under test. */
record Account(String user, String password, String realm) {

  static final Account BENCH = new Account("bench", "a-password", "bench.example");
}
