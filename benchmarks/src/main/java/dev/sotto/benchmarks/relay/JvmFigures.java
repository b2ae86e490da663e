package dev.sotto.benchmarks.relay;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.sotto.benchmarks.ServerProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * What the JVM of a relay says of itself: bytes that its event loops have allocated, and pauses of
 * its collector. It begins to talk when it is asked first, which takes a moment and some memory.
 */
final class JvmFigures implements AutoCloseable {

  /** Has the JVM write its pauses into a file. */
  static String option(Path gcLog) {
    return "-Xlog:gc+phases:file=" + gcLog + "::filecount=0";
  }

  private static final Pattern EVENT_LOOP = Pattern.compile("relay-\\d.*");
  private static final Pattern PAUSE = Pattern.compile(".*Pause .* ([\\d.]+)ms.*");

  /** No questions on the quiet whether the relay is still there. */
  private static final Map<String, Long> SILENT =
      Map.of("jmx.remote.x.client.connection.check.period", 0L);

  private final ServerProcess process;
  private final Path gcLog;
  private Optional<JMXConnector> connector = Optional.empty();

  JvmFigures(ServerProcess process, Path gcLog) {
    this.process = process;
    this.gcLog = gcLog;
  }

  /** Of all event loops since their start. */
  long allocatedBytes() throws IOException {
    if (connector.isEmpty()) {
      connector = Optional.of(connect());
    }
    ThreadMXBean threads =
        ManagementFactory.newPlatformMXBeanProxy(
            connector.get().getMBeanServerConnection(),
            ManagementFactory.THREAD_MXBEAN_NAME,
            ThreadMXBean.class);
    return allocatedBytes(threads, EVENT_LOOP);
  }

  /** Of the threads of such a name, to the byte. */
  static long allocatedBytes(ThreadMXBean threads, Pattern name) {
    long[] ids =
        Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
            .filter(thread -> thread != null && name.matcher(thread.getThreadName()).matches())
            .mapToLong(ThreadInfo::getThreadId)
            .toArray();
    return Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum();
  }

  @SuppressWarnings("BanJNDI") // the address is of a process that was started here
  private JMXConnector connect() throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
      JMXServiceURL address = new JMXServiceURL(machine.startLocalManagementAgent());
      machine.detach();
      return JMXConnectorFactory.connect(address, SILENT);
    } catch (AttachNotSupportedException e) {
      throw new IOException("the relay's JVM cannot be asked", e);
    }
  }

  /** How many lines the log of pauses has. */
  int logged() throws IOException {
    return Files.readAllLines(gcLog).size();
  }

  /** The longest pause of those after so many lines, in microseconds; 0 without any. */
  double longestPauseMicros(int logged) throws IOException {
    List<String> lines = Files.readAllLines(gcLog);
    return longestPauseMicros(lines.subList(logged, lines.size()));
  }

  static double longestPauseMicros(List<String> log) {
    return log.stream()
        .map(PAUSE::matcher)
        .filter(Matcher::matches)
        .mapToDouble(pause -> 1000 * Double.parseDouble(pause.group(1)))
        .max()
        .orElse(0);
  }

  /** Before the relay ends. */
  @Override
  public void close() {
    try {
      if (connector.isPresent()) {
        connector.get().close();
      }
    } catch (IOException _) {
      // the relay has ended, and with it the connection
    }
  }
}
