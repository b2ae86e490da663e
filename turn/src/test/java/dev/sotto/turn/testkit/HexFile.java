package dev.sotto.turn.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Reads a test vector: hexadecimal bytes with spaces and comment lines. */
public final class HexFile {
  private HexFile() {}

  public static byte[] read(String resource) {
    try (InputStream in = HexFile.class.getResourceAsStream(resource)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return HexFormat.of()
          .parseHex(
              text.lines()
                  .filter(line -> !line.startsWith("#"))
                  .map(line -> line.replace(" ", ""))
                  .collect(Collectors.joining()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
