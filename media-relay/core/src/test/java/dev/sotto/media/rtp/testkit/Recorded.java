package dev.sotto.media.rtp.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lines of a file of recorded packets, without its comments. */
public final class Recorded {
  private Recorded() {}

  public static List<String> lines(String resource) {
    try (InputStream in = Recorded.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of names and bytes. */
  public static Map<String, MemorySegment> named(String resource) {
    return lines(resource).stream()
        .map(line -> line.split(" ", 2))
        .collect(Collectors.toMap(words -> words[0], words -> Bytes.hex(words[1])));
  }
}
