package dev.sotto.turn;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Linux allows this process, as far as the server's settings need it; empty where it cannot be
 * read.
 *
 * @param openFiles RLIMIT_NOFILE; a relayed port is a file
 * @param receiveBufferBytes net.core.rmem_max
 * @param sendBufferBytes net.core.wmem_max
 */
record HostLimits(
    OptionalLong openFiles, OptionalLong receiveBufferBytes, OptionalLong sendBufferBytes) {
  private static final Pattern OPEN_FILES =
      Pattern.compile("^Max open files\\s+(\\d+)", Pattern.MULTILINE);

  private static final int MAXIMUM_BYTES = 8192;

  /** The Java runtime's own files, logs and what else the process serves. */
  private static final int OTHER_FILES = 256;

  static HostLimits ofThisProcess() {
    return read(Path.of("/proc"));
  }

  /**
   * @param proc where the proc file system is mounted
   */
  static HostLimits read(Path proc) {
    Matcher openFiles = OPEN_FILES.matcher(text(proc.resolve("self/limits")));
    return new HostLimits(
        openFiles.find()
            ? OptionalLong.of(Long.parseLong(openFiles.group(1)))
            : OptionalLong.empty(),
        number(proc.resolve("sys/net/core/rmem_max")),
        number(proc.resolve("sys/net/core/wmem_max")));
  }

  /**
   * One line for each limit that the settings go beyond, with what to do; none for a server that
   * only this host can reach, which somebody tries out.
   */
  List<String> complaints(TurnSettings settings) {
    List<String> complaints = new ArrayList<>();
    if (isOnlyForThisHost(settings)) {
      return complaints;
    }
    long files = filesFor(settings);
    if (openFiles.isPresent() && openFiles.getAsLong() < files) {
      complaints.add(
          "the limit of open files is %d, and %d allocations with %d connections may need %d: raise"
                  .formatted(
                      openFiles.getAsLong(),
                      settings.allocationsInTotal(),
                      settings.connectionsInTotal(),
                      files)
              + " it (ulimit -n, LimitNOFILE=) or lower these numbers");
    }
    check(receiveBufferBytes, "net.core.rmem_max", settings, complaints);
    check(sendBufferBytes, "net.core.wmem_max", settings, complaints);
    return complaints;
  }

  private static void check(
      OptionalLong limit, String name, TurnSettings settings, List<String> complaints) {
    if (limit.isPresent() && limit.getAsLong() < settings.socketBufferBytes()) {
      complaints.add(
          "%s is %d, and listening sockets want buffers of %d bytes: bursts will be lost until it is"
                  .formatted(name, limit.getAsLong(), settings.socketBufferBytes())
              + " raised (sysctl -w)");
    }
  }

  private static long filesFor(TurnSettings settings) {
    int listeners =
        settings.listen().size()
            + settings.listenTcp().size()
            + settings.listenTls().size()
            + settings.listenDtls().size();
    boolean streams = !settings.listenTcp().isEmpty() || !settings.listenTls().isEmpty();
    return (long) settings.allocationsInTotal() * settings.relays().size()
        + (streams ? settings.connectionsInTotal() : 0)
        + (long) listeners * settings.eventLoops()
        + OTHER_FILES;
  }

  private static boolean isOnlyForThisHost(TurnSettings settings) {
    return Stream.of(
            settings.listen(), settings.listenTcp(), settings.listenTls(), settings.listenDtls())
        .flatMap(List::stream)
        .allMatch(address -> address.getAddress().isLoopbackAddress());
  }

  private static OptionalLong number(Path file) {
    String text = text(file).strip();
    return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  private static String text(Path file) {
    // In one go: some kernels answer a second read of such a file with its end.
    byte[] buffer = new byte[MAXIMUM_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      int length = Math.max(in.read(buffer), 0);
      return new String(buffer, 0, length, StandardCharsets.US_ASCII);
    } catch (IOException _) {
      return ""; // not Linux, or a sandbox: nothing to complain of
    }
  }
}
