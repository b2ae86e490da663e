package dev.sotto.config.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Limits of the machine: open files, socket buffers, the clock. */
final class MachineCheck {

  /** Each connection and each relayed address takes one. */
  private static final long WANTED_FILES = 16_384;

  /** A burst of video to hundreds of relayed addresses must wait somewhere. */
  private static final int WANTED_BUFFER_BYTES = 4 << 20;

  /** No right clock shows a time before this code was written. */
  private static final Instant WRITTEN = Instant.parse("2026-11-01T00:00:00Z");

  private MachineCheck() {}

  static List<Finding> run(Clock clock) {
    List<Finding> findings = new ArrayList<>();
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      findings.add(files(unix.getMaxFileDescriptorCount()));
    }
    findings.add(buffers());
    findings.add(time(clock.instant()));
    return findings;
  }

  static Finding files(long limit) {
    return limit >= WANTED_FILES
        ? Finding.ok(limit + " files may be open")
        : Finding.warn(
            "only " + limit + " files may be open, connections included",
            "raise it: ulimit -n " + WANTED_FILES + ", or LimitNOFILE= in the service's unit");
  }

  private static Finding buffers() {
    try (DatagramSocket socket = new DatagramSocket(null)) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      socket.setReceiveBufferSize(WANTED_BUFFER_BYTES);
      socket.setSendBufferSize(WANTED_BUFFER_BYTES);
      return bufferSize(Math.min(socket.getReceiveBufferSize(), socket.getSendBufferSize()));
    } catch (IOException e) {
      return Finding.fail(
          "no UDP socket can be opened: " + e.getMessage(), "check the machine's network limits");
    }
  }

  static Finding bufferSize(int bytes) {
    return bytes >= WANTED_BUFFER_BYTES
        ? Finding.ok("UDP sockets may buffer " + bytes + " bytes")
        : Finding.warn(
            "UDP sockets may buffer only " + bytes + " bytes; bursts of video are lost",
            "sysctl -w net.core.rmem_max=4194304 net.core.wmem_max=4194304");
  }

  static Finding time(Instant now) {
    return now.isAfter(WRITTEN)
        ? Finding.ok("the clock shows " + now)
        : Finding.fail(
            "the clock shows " + now + ", which is past: tokens and certificates look wrong",
            "set the clock, and keep it set by NTP");
  }
}
