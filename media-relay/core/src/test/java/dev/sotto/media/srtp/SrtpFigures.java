package dev.sotto.media.srtp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * Prints ns per packet of every profile and implementation, 1200 and 160 bytes: the least mean of
 * several runs, after as many to warm up. A main program, no test: run it on a quiet machine.
 */
final class SrtpFigures {
  private static final int PACKETS = 20_000;
  private static final int RUNS = 30;
  private static final int AHEAD = 250;
  private static final int[] SIZES = {1200, 160};

  private final MemorySegment source = Arena.global().allocate(2048, 64);
  private final MemorySegment slab = Arena.global().allocate(2048, 64);
  private final MemorySegment secured = Arena.global().allocate(2048L * AHEAD, 64);
  private int index;
  private int indexToTake;

  /** One packet of this size; its sequence number stands in the source. */
  private interface Operation {
    int run(int size);
  }

  public static void main(String[] arguments) {
    System.out.printf("%-26s %-10s %-22s %6s %6s%n", "profile", "provider", "", "1200", "160");
    SrtpFigures figures = new SrtpFigures();
    for (SrtpProfile profile : SrtpProfile.values()) {
      for (SrtpProvider provider : new SrtpProvider[] {SrtpProvider.LIBCRYPTO, SrtpProvider.JDK}) {
        figures.measure(profile, provider);
      }
    }
  }

  private void measure(SrtpProfile profile, SrtpProvider provider) {
    try (Peers peers = new Peers(profile, provider, provider)) {
      print(
          profile,
          provider,
          "protect in place",
          size -> {
            copyHeader();
            return peers.client.protectRtp(slab, 0, size);
          });
      print(
          profile,
          provider,
          "copy, then in place",
          size -> {
            Wire.copy(source, 0, slab, 0, size);
            return peers.client.protectRtp(slab, 0, size);
          });
      print(
          profile,
          provider,
          "payload from elsewhere",
          size -> {
            copyHeader();
            return peers.client.protectRtp(slab, 0, size, source, 12);
          });
      StringBuilder line = new StringBuilder();
      StringBuilder forged = new StringBuilder();
      for (int size : SIZES) {
        line.append(String.format(Locale.ROOT, " %6.0f", unprotect(peers, size)));
        Operation forgery =
            length -> {
              copyHeader();
              return peers.server.unprotectRtp(slab, 0, length);
            };
        Wire.putU32(source, 8, 3);
        forged.append(String.format(Locale.ROOT, " %6.0f", nanosPerPacket(forgery, size, false)));
        Wire.putU32(source, 8, 1);
      }
      print(profile, provider, "unprotect in place", line.toString());
      print(profile, provider, "refuse a forged one", forged.toString());
    }
  }

  private void copyHeader() {
    Wire.copy(source, 0, slab, 0, 12);
  }

  private void print(SrtpProfile profile, SrtpProvider provider, String what, Operation operation) {
    StringBuilder line = new StringBuilder();
    for (int size : SIZES) {
      line.append(String.format(Locale.ROOT, " %6.0f", nanosPerPacket(operation, size, true)));
    }
    print(profile, provider, what, line.toString());
  }

  private static void print(
      SrtpProfile profile, SrtpProvider provider, String what, String figures) {
    System.out.printf("%-26s %-10s %-22s%s%n", profile, provider, what, figures);
  }

  private double nanosPerPacket(Operation operation, int size, boolean isTaken) {
    Wire.putU8(source, 0, 0x80);
    double least = Double.MAX_VALUE;
    for (int run = 0; run < 2 * RUNS; run++) {
      long start = System.nanoTime();
      for (int i = 0; i < PACKETS; i++) {
        Wire.putU16(source, 2, index++);
        if (operation.run(size) > 0 != isTaken) {
          throw new AssertionError("another result than expected");
        }
      }
      least = Math.min(least, (System.nanoTime() - start) / (double) PACKETS);
    }
    return least;
  }

  /** Packets are protected in advance, few enough to stay in the cache; each is taken only once. */
  private double unprotect(Peers peers, int size) {
    int secure = size + peers.client.profile().rtpOverheadBytes();
    double least = Double.MAX_VALUE;
    Wire.putU32(source, 8, 2);
    for (int run = 0; run < 2 * RUNS * PACKETS / AHEAD; run++) {
      for (int i = 0; i < AHEAD; i++) {
        Wire.putU16(source, 2, indexToTake++);
        Wire.copy(source, 0, secured, 2048L * i, size);
        peers.client.protectRtp(secured, 2048L * i, size);
      }
      long start = System.nanoTime();
      for (int i = 0; i < AHEAD; i++) {
        if (peers.server.unprotectRtp(secured, 2048L * i, secure) != size) {
          throw new AssertionError("not taken");
        }
      }
      least = Math.min(least, (System.nanoTime() - start) / (double) AHEAD);
    }
    return least;
  }
}
