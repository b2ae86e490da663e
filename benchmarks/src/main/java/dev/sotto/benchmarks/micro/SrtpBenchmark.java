package dev.sotto.benchmarks.micro;

import dev.sotto.media.srtp.SrtpProfile;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** SRTP of one packet, in place; 160 bytes are voice, 1200 video. */
public class SrtpBenchmark {

  /** A stream whose sender's work is measured. */
  @State(Scope.Thread)
  public static class Outgoing {
    @Param private SrtpImplementation implementation;

    @Param({"AEAD_AES_128_GCM", "AES_CM_128_HMAC_SHA1_80"})
    private SrtpProfile profile;

    @Param({"160", "1200"})
    private int bytes;

    private SrtpFlow flow;

    @Setup
    public void open() {
      flow = implementation.open(profile, bytes);
    }

    @TearDown
    public void close() {
      flow.close();
    }
  }

  /** A stream whose receiver's work is measured: a packet can be taken only once. */
  public static class Incoming extends Outgoing {
    /** Some ten microseconds of work, beside which JMH's look at the clock is nothing. */
    @Setup(Level.Invocation)
    public void send() {
      super.flow.sendAll();
    }
  }

  @Benchmark
  public int protect(Outgoing state) {
    return checked(state.flow.protectNext());
  }

  /** The sum of all lengths needs all of the work. */
  @Benchmark
  @OperationsPerInvocation(SrtpFlow.PLACES)
  public int unprotect(Incoming state) {
    SrtpFlow flow = ((Outgoing) state).flow;
    int length = 0;
    for (int place = 0; place < SrtpFlow.PLACES; place++) {
      length += checked(flow.receive(place));
    }
    return length;
  }

  /** To refuse a packet is less work, and would make a fine figure. */
  private static int checked(int length) {
    if (length <= 0) {
      throw new IllegalStateException("a packet was refused: " + length);
    }
    return length;
  }
}
