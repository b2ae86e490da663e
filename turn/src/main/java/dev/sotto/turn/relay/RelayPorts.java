package dev.sotto.turn.relay;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;

/**
 * The pool of relayed ports of one relay address: a bitmap that all event loops claim from without
 * locks. Claims start at a random place, so that ports are not guessable (RFC 8656 section 7.2),
 * and each claim is given back exactly once.
 */
public final class RelayPorts {
  private final int firstPort;
  private final int count;
  private final AtomicLongArray taken;
  private final AtomicInteger claimed = new AtomicInteger();

  /** A claimed port. Released at most once, however often it is closed. */
  public final class Claim implements AutoCloseable {
    private final int port;
    private boolean released;
    private RelaySockets.Hold hold = () -> {};

    private Claim(int port) {
      this.port = port;
    }

    public int port() {
      return port;
    }

    /** Keeps other programs from the port as well, until it is bound or given back. */
    public synchronized void holdWith(RelaySockets.Hold hold) {
      this.hold = hold;
    }

    /** Ends the hold: the port is bound next. */
    public synchronized void release() {
      hold.release();
    }

    @Override
    public synchronized void close() {
      if (!released) {
        released = true;
        hold.release();
        free(port);
      }
    }
  }

  public RelayPorts(int firstPort, int lastPort) {
    if (firstPort < 1 || lastPort > 0xFFFF || firstPort > lastPort) {
      throw new IllegalArgumentException("not a port range: " + firstPort + "-" + lastPort);
    }
    this.firstPort = firstPort;
    this.count = lastPort - firstPort + 1;
    this.taken = new AtomicLongArray((count + 63) / 64);
  }

  /** Claims any free port. */
  public Optional<Claim> claim(RandomGenerator random) {
    return search(random, 1, 0);
  }

  /** Claims a free even port. */
  public Optional<Claim> claimEven(RandomGenerator random) {
    return search(random, 2, 0);
  }

  /**
   * Claims an even port whose successor is free and claims that one too; the second claim is {@link
   * #claimNext}.
   */
  public Optional<Claim> claimEvenBelowFree(RandomGenerator random) {
    return search(random, 2, 1);
  }

  /** Claims the port after {@code claim}, if it is free. */
  public Optional<Claim> claimNext(Claim claim) {
    int port = claim.port() + 1;
    return port < firstPort + count && take(port) ? Optional.of(new Claim(port)) : Optional.empty();
  }

  public int claimedCount() {
    return claimed.get();
  }

  private Optional<Claim> search(RandomGenerator random, int step, int successors) {
    OptionalInt found = findFree(random.nextInt(count), step, successors);
    while (found.isPresent()) {
      if (take(found.getAsInt())) {
        return Optional.of(new Claim(found.getAsInt()));
      }
      found = findFree(found.getAsInt() - firstPort, step, successors);
    }
    return Optional.empty();
  }

  private OptionalInt findFree(int startIndex, int step, int successors) {
    for (int i = 0; i < count; i++) {
      int port = firstPort + (startIndex + i) % count;
      boolean fits = port % step == 0 && port + successors < firstPort + count;
      if (fits && isFree(port) && (successors == 0 || isFree(port + successors))) {
        return OptionalInt.of(port);
      }
    }
    return OptionalInt.empty();
  }

  private boolean isFree(int port) {
    int index = port - firstPort;
    return (taken.get(index >>> 6) & (1L << index)) == 0;
  }

  private boolean take(int port) {
    int index = port - firstPort;
    long bit = 1L << index;
    boolean won =
        (taken.getAndAccumulate(index >>> 6, bit, (word, mask) -> word | mask) & bit) == 0;
    if (won) {
      claimed.incrementAndGet();
    }
    return won;
  }

  private void free(int port) {
    int index = port - firstPort;
    taken.getAndAccumulate(index >>> 6, 1L << index, (word, mask) -> word & ~mask);
    claimed.decrementAndGet();
  }
}
