package dev.sotto.signalling.stream;

import java.util.concurrent.atomic.LongAdder;

/** Totals that every stream adds to; read for metrics. */
public final class StreamCounters {
  public final LongAdder connections = new LongAdder();
  public final LongAdder authSuccesses = new LongAdder();
  public final LongAdder authFailures = new LongAdder();
  public final LongAdder streamErrors = new LongAdder();
  public final LongAdder resumptions = new LongAdder();
  public final LongAdder failedResumptions = new LongAdder();
}
