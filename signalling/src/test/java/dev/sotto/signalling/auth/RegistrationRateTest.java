package dev.sotto.signalling.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RegistrationRateTest {

  private static final long START = Long.MAX_VALUE - 1000; // monotonic clocks may wrap around
  private static final long HOUR = Duration.ofHours(1).toNanos();

  private final RegistrationRate rate = new RegistrationRate(2);

  private boolean allows(String address, long nanosLater) {
    return rate.allows(InetAddress.ofLiteral(address), START + nanosLater);
  }

  @Test
  void each_address_has_its_share_of_any_hour() {
    assertThat(allows("192.0.2.1", 0)).isTrue();
    assertThat(allows("192.0.2.1", HOUR / 2)).isTrue();
    assertThat(allows("192.0.2.1", HOUR - 1)).isFalse();
    assertThat(allows("192.0.2.2", HOUR - 1)).isTrue();
    assertThat(allows("192.0.2.1", HOUR)).isTrue();
    assertThat(allows("192.0.2.1", HOUR + 1)).isFalse();
  }

  @Test
  void a_network_of_ip_version_six_counts_as_one() {
    assertThat(allows("2001:db8::1", 0)).isTrue();
    assertThat(allows("2001:db8::2", 0)).isTrue();
    assertThat(allows("2001:db8::3", 0)).isFalse();
    assertThat(allows("2001:db8:0:1::3", 0)).isTrue();
  }

  @Test
  void many_addresses_push_out_the_quietest_only() {
    assertThat(allows("192.0.2.1", 0)).isTrue();
    assertThat(allows("192.0.2.2", 0)).isTrue();
    for (int i = 0; i < 9_999; i++) {
      assertThat(allows("10.0." + i / 256 + "." + i % 256, 1)).isTrue();
    }
    assertThat(allows("192.0.2.2", 2)).isTrue();
    assertThat(allows("192.0.2.2", 3)).isFalse();
  }
}
