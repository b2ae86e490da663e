package dev.sotto.media.dtls;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One direction of a path in memory: loses, doubles and reorders datagrams by a seed. A datagram
 * that is overtaken arrives right after the one that overtakes it.
 */
final class Link {
  /** A share of datagrams, 0 to 1, for each kind of fault. */
  record Faults(double loss, double duplication, double reordering) {
    static final Faults NONE = new Faults(0, 0, 0);
  }

  private final SplittableRandom random;
  private final Faults faults;
  private final Consumer<byte[]> receiver;
  private Predicate<byte[]> admitted = _ -> true;
  private Optional<byte[]> overtaken = Optional.empty();

  Link(long seed, Faults faults, Consumer<byte[]> receiver) {
    this.random = new SplittableRandom(seed);
    this.faults = faults;
    this.receiver = receiver;
  }

  /** Loses what does not pass the test as well. */
  synchronized void admitting(Predicate<byte[]> test) {
    admitted = test;
  }

  synchronized void send(byte[] buffer, int offset, int length) {
    byte[] datagram = Arrays.copyOfRange(buffer, offset, offset + length);
    if (!admitted.test(datagram) || random.nextDouble() < faults.loss) {
      return;
    }
    if (overtaken.isEmpty() && random.nextDouble() < faults.reordering) {
      overtaken = Optional.of(datagram);
      return;
    }
    receiver.accept(datagram);
    if (random.nextDouble() < faults.duplication) {
      receiver.accept(datagram);
    }
    overtaken.ifPresent(receiver);
    overtaken = Optional.empty();
  }
}
