package dev.sotto.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The load client against the bare forwarder: real sockets, real SRTP. */
class LoadClientTest {

  private static final Duration LENGTH = Duration.ofSeconds(1);

  @ParameterizedTest
  @ValueSource(ints = {0, 500})
  void everybody_gets_what_all_others_send(int gatherMicros) throws Exception {
    Inet4Address local = Inet4Address.ofLiteral("127.0.0.1");
    try (LoadClient client = new LoadClient(local, false);
        MeetingHost forwarder = ForwarderHost.start("forwarder", local, gatherMicros);
        MeetingHost.Joined joined = forwarder.open(Meeting.everybody(4), client)) {
      Delivery delivery = client.run(joined.peers(), LENGTH, forwarder.process());
      // 4 senders of some 115 video and 50 audio packets, 3 receivers each.
      assertThat(delivery.expected()).isBetween(1200L, 2600L);
      assertThat(delivery.received()).isEqualTo(delivery.expected());
      assertThat(delivery.gaps()).isZero();
      assertThat(delivery.lossPercent()).isZero();
      assertThat(delivery.latencyMicros(50)).isBetween(1.0, 1e6);
      assertThat(delivery.latencyNanos().getTotalCount())
          .isGreaterThan(delivery.received() / PeerMedia.SAMPLE / 2);
    }
  }

  @Test
  void a_meeting_says_who_sends_and_who_gets_what() {
    Meeting meeting = new Meeting("", 10, 2, 5);
    assertThat(meeting.sends(0)).containsExactly(Medium.AUDIO, Medium.VIDEO);
    assertThat(meeting.sends(4)).containsExactly(Medium.AUDIO);
    assertThat(meeting.sends(5)).isEmpty();
    assertThat(meeting.gets(0, Medium.VIDEO)).isEqualTo(1);
    assertThat(meeting.gets(9, Medium.VIDEO)).isEqualTo(2);
    assertThat(meeting.gets(9, Medium.AUDIO)).isEqualTo(5);
  }
}
