package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.ServerProcess;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A relay that runs and can be told who meets. Its processor time and memory are the kernel's. */
interface MeetingHost extends AutoCloseable {

  /** A meeting that everybody has joined. */
  interface Joined extends AutoCloseable {
    /** All of its transports: a participant has one or two. */
    List<Peer> peers();

    @Override
    void close();
  }

  /** Its name in the report. */
  String label();

  /**
   * Lets the participants join, and returns when media can flow between all of them.
   *
   * @throws IllegalStateException when the relay does not let all of them in
   */
  Joined open(Meeting meeting, LoadClient client) throws IOException;

  /** Of the relay's process. */
  ServerProcess process();

  /** What it can say of itself; empty where that is nothing. */
  default Optional<SelfReport> selfReport() {
    return Optional.empty();
  }

  @Override
  void close();
}
