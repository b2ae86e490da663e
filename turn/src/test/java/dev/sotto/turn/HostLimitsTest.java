package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What the host allows, compared with what the settings need")
class HostLimitsTest {
  private static final TurnSettings SETTINGS = listening("192.0.2.1");

  private static TurnSettings listening(String address) {
    return TurnSettings.builder()
        .listen(new InetSocketAddress(address, 0))
        .quotas(10, 1000)
        .connections(10, 500)
        .eventLoops(2)
        .socketBufferBytes(1 << 20)
        .build();
  }

  @TempDir Path proc;

  @Test
  void a_host_that_allows_enough_is_not_complained_of() throws IOException {
    host("4096", "1048576", "4194304");
    assertThat(complaints()).isEmpty();
  }

  @Test
  void each_limit_that_is_too_low_is_one_line_with_its_name_and_what_to_do() throws IOException {
    host("1024", "212992", "212993");
    assertThat(complaints())
        .satisfiesExactly(
            line -> assertThat(line).contains("open files is 1024", "1258", "LimitNOFILE"),
            line -> assertThat(line).contains("net.core.rmem_max is 212992", "1048576", "sysctl"),
            line -> assertThat(line).contains("net.core.wmem_max is 212993", "1048576", "sysctl"));
  }

  @Test
  void an_unlimited_number_of_files_and_a_host_without_these_files_are_not_complained_of()
      throws IOException {
    assertThat(complaints()).isEmpty();
    host("unlimited", "4194304", "4194304");
    assertThat(complaints()).isEmpty();
  }

  @Test
  void a_server_for_this_host_alone_starts_without_complaints() throws IOException {
    host("1024", "212992", "212993");
    assertThat(HostLimits.read(proc).complaints(listening("127.0.0.1"))).isEmpty();
  }

  @Test
  void this_hosts_limits_are_found() {
    HostLimits limits = HostLimits.ofThisProcess();
    if (Files.exists(Path.of("/proc/sys/net/core/rmem_max"))) {
      assertThat(limits.openFiles().orElse(-1)).isNotZero();
      assertThat(limits.receiveBufferBytes().orElseThrow()).isGreaterThan(2047);
      assertThat(limits.sendBufferBytes().orElseThrow()).isGreaterThan(2047);
    }
  }

  private List<String> complaints() {
    return HostLimits.read(proc).complaints(SETTINGS);
  }

  private void host(String openFiles, String receiveBuffer, String sendBuffer) throws IOException {
    Path core = Files.createDirectories(proc.resolve("sys/net/core"));
    Path self = Files.createDirectories(proc.resolve("self"));
    Files.writeString(core.resolve("rmem_max"), receiveBuffer + "\n");
    Files.writeString(core.resolve("wmem_max"), sendBuffer + "\n");
    Files.writeString(
        self.resolve("limits"),
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             95563                95563                processes
        Max open files            %-20s 1048576              files
        """
            .formatted(openFiles));
  }
}
