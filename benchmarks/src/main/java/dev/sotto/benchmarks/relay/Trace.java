package dev.sotto.benchmarks.relay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * When a browser sent the packets of one stream, how long their payloads were, and which ended a
 * frame. Replayed without end, each round after the one before.
 *
 * <p>A line of a recording is microseconds since its start, bytes, and {@code m} for the marker;
 * {@code #} begins a remark.
 */
final class Trace {

  private final long[] micros;
  private final int[] bytes;
  private final boolean[] markers;
  private final long roundMicros;

  private Trace(long[] micros, int[] bytes, boolean[] markers) {
    this.micros = micros;
    this.bytes = bytes;
    this.markers = markers;
    // The first packet of the next round comes after a gap of average length.
    long last = micros[micros.length - 1];
    this.roundMicros = last + last / Math.max(1, micros.length - 1);
  }

  /** A recording among this package's resources. */
  static Trace recorded(String name) {
    try (InputStream stream = Objects.requireNonNull(Trace.class.getResourceAsStream(name), name);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
      return parse(reader.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a recording.
   *
   * @throws IllegalArgumentException when a line is none of a recording, or there is none
   */
  static Trace parse(List<String> lines) {
    List<String[]> packets =
        lines.stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.split(" ", -1))
            .toList();
    if (packets.isEmpty()) {
      throw new IllegalArgumentException("a recording has packets");
    }
    long[] micros = packets.stream().mapToLong(packet -> Long.parseLong(packet[0])).toArray();
    int[] bytes = packets.stream().mapToInt(packet -> Integer.parseInt(packet[1])).toArray();
    boolean[] markers = new boolean[micros.length];
    for (int i = 0; i < micros.length; i++) {
      markers[i] = packets.get(i).length > 2;
      if (bytes[i] < RtpSource.STAMP_BYTES || (i > 0 && micros[i] < micros[i - 1])) {
        throw new IllegalArgumentException("packet " + i + " is too short, or too early");
      }
    }
    return new Trace(micros, bytes, markers);
  }

  /** Packets in one round. */
  int packets() {
    return micros.length;
  }

  /** How long one round takes. */
  long roundMicros() {
    return roundMicros;
  }

  double packetsPerSecond() {
    return packets() * 1e6 / roundMicros;
  }

  /** When the packet leaves, counted from the start of the first round. */
  long micros(long index) {
    return index / micros.length * roundMicros + micros[place(index)];
  }

  int payloadBytes(long index) {
    return bytes[place(index)];
  }

  boolean marker(long index) {
    return markers[place(index)];
  }

  private int place(long index) {
    return (int) (index % micros.length);
  }
}
