package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.rtcp.ReportPacket;
import dev.sotto.media.rtcp.RtcpType;
import dev.sotto.media.rtcp.TransportFeedback;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportsTest {
  private static final long NTP_SECOND = 1L << 32;

  private final Room room = new Room();

  @AfterEach
  void nothing_has_leaked() {
    room.close();
  }

  private record Report(int ssrc, long ntp, int rtpTimestamp, long packets, long atNanos) {}

  private List<Report> senderReports(Member member) {
    List<Report> reports = new ArrayList<>();
    member.onRtcp.add(packet -> {
      ReportPacket report = new ReportPacket();
      if (packet.type() == RtcpType.SENDER_REPORT && report.wrap(packet)) {
        reports.add(
            new Report(
                report.senderSsrc(),
                report.ntp(),
                (int) report.rtpTimestamp(),
                report.packetCount(),
                room.now));
      }
    });
    return reports;
  }

  @Test
  void rfc_3550_section_7_2_reports_have_the_sources_clock_and_the_slots_timestamps() {
    Member alice = room.join(new Described("alice").microphone(1));
    Member bob = room.join(new Described("bob").slots(1, 0, 5000));
    List<Report> reports = senderReports(bob);
    Microphone microphone = new Microphone(room, alice, 1);
    room.seconds(1);
    long reported = room.now;
    int timestamp = microphone.next().timestamp();
    alice.control(writer -> {
      writer.senderReport(1, 1000 * NTP_SECOND, timestamp & 0xffff_ffffL, 50, 4000);
      writer.sourceDescription(1, UpstreamFeedback.name("x"), 0, 1);
    });
    room.seconds(3);

    assertThat(reports).hasSizeBetween(2, 4);
    for (Report report : reports) {
      assertThat(report.ssrc()).isEqualTo(5000);
      double wall = 1000 + (report.atNanos() - reported) / 1e9;
      assertThat((double) report.ntp() / NTP_SECOND).isBetween(wall - 0.001, wall + 0.001);
      // The packet that left last is of the same clock, 20 ms old at most.
      Packet before =
          bob.of(5000).stream()
              .filter(packet -> packet.atNanos() <= report.atNanos())
              .reduce((_, packet) -> packet)
              .orElseThrow();
      assertThat(report.rtpTimestamp() - before.timestamp()).isBetween(-1000, 3000);
      assertThat(report.packets())
          .isEqualTo(
              bob.of(5000).stream().filter(packet -> packet.atNanos() <= report.atNanos()).count());
    }
  }

  @Test
  void the_round_trip_to_a_receiver_is_had_from_its_reports() {
    Member alice = room.join(new Described("alice").microphone(1));
    Member bob = room.join(new Described("bob").slots(1, 0, 5000));
    List<Report> reports = senderReports(bob);
    new Microphone(room, alice, 1);
    room.seconds(0.1);
    alice.control(writer -> {
      writer.senderReport(1, 1000 * NTP_SECOND, 960, 1, 80);
      writer.sourceDescription(1, UpstreamFeedback.name("x"), 0, 1);
    });
    room.seconds(2.2);
    Report last = reports.getLast();
    long held = room.now - last.atNanos();
    // 100 ms there and back, and the rest of the time the receiver had it.
    room.millis(100);
    bob.control(writer -> {
      writer.receiverReport(7);
      writer.reportBlock(
          5000, 0, 0, 1, 0, (int) (last.ntp() >> 16), Math.round(held * 65_536 / 1e9));
    });
    assertThat(room.conference.report().endpoints().get(1).roundTripMillis()).isBetween(99L, 101L);
  }

  @Test
  void transport_wide_feedback_tells_of_each_packet_and_names_a_stream_of_the_sender() {
    Member alice = room.join(new Described("alice").microphone(1));
    Member bob = room.join(new Described("bob"));
    Set<Integer> told = new HashSet<>();
    Set<Integer> about = new HashSet<>();
    alice.onRtcp.add(packet -> {
      if (packet.type() == RtcpType.TRANSPORT_FEEDBACK) {
        TransportFeedback feedback = new TransportFeedback();
        boolean whole =
            feedback.read(
                packet,
                (number, received, _) -> {
                  if (received) {
                    told.add(number);
                  }
                });
        assertThat(whole).isTrue();
        about.add(feedback.mediaSsrc());
      }
    });
    for (int i = 0; i < 100; i++) {
      if (i % 10 != 3) {
        alice.send(Packet.of(111, i, 960 * i, 1, new byte[50]).with(3, 255, (i + 200) & 0xff));
      }
      room.millis(20);
    }
    room.seconds(1);
    assertThat(told).hasSize(90);
    assertThat(about).containsExactly(1);
    assertThat(bob.of(1)).hasSize(90);
  }

  @Test
  void a_sender_gets_receiver_reports_on_each_stream_that_is_live() {
    Member alice = room.join(new Described("alice").microphone(1).camera(2, 3));
    room.join(new Described("bob"));
    Set<Integer> reported = new HashSet<>();
    int[] highest = new int[1];
    alice.onRtcp.add(packet -> {
      ReportPacket report = new ReportPacket();
      if (packet.type() == RtcpType.RECEIVER_REPORT && report.wrap(packet)) {
        assertThat(report.senderSsrc()).isEqualTo((int) Room.FEEDBACK.videoSsrc());
        while (report.nextBlock()) {
          reported.add(report.blockSsrc());
          highest[0] =
              Math.max(highest[0], report.blockSsrc() == 1 ? (int) report.extendedHighest() : 0);
        }
      }
    });
    Microphone microphone = new Microphone(room, alice, 1);
    Camera.single(room, alice, 2);
    room.seconds(2.5);
    assertThat(reported).containsExactlyInAnyOrder(1, 2);
    assertThat(highest[0]).isGreaterThan(90);
    microphone.on = false;
    room.seconds(3);
    reported.clear();
    room.seconds(2);
    assertThat(reported).containsExactly(2);
  }
}
