package dev.sotto.benchmarks.relay;

import dev.sotto.media.rtcp.ReportPacket;
import dev.sotto.media.rtcp.RtcpCompound;
import dev.sotto.media.rtcp.RtcpType;
import dev.sotto.media.rtcp.RtcpWriter;
import dev.sotto.media.rtcp.TransportFeedbackRecorder;
import dev.sotto.media.rtp.ExtensionElements;
import dev.sotto.media.rtp.NtpTime;
import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.srtp.SrtpTransform;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * The media of one peer: streams that it sends by their recordings, streams that it gets, reports
 * and transport-wide feedback on them. Every header that comes is read; one packet in {@value
 * #SAMPLE} of a stream is decrypted for the time at which it was sent. Lives on a {@link LoadLoop}.
 */
final class PeerMedia {

  /** Decrypting costs as much as reading from the socket. */
  static final int SAMPLE = 4;

  private static final long HIGHEST_LATENCY_NANOS = 10_000_000_000L;
  private static final long HOUSEKEEPING_NANOS = 100_000_000;
  private static final int HOUSEKEEPINGS_A_REPORT = 10;
  private static final int PACKET_BYTES = 2048;
  private static final int RTCP_BYTES = 1200;
  private static final Clock CLOCK = Clock.systemUTC();
  private static final MemorySegment NAME =
      Arena.global().allocateFrom("load", StandardCharsets.US_ASCII);

  /** Puts a packet on the wire. */
  @FunctionalInterface
  interface Outlet {
    void send(MemorySegment memory, int length);
  }

  private final LoadLoop loop;
  private final int ownSsrc;
  private final boolean transportFeedback;
  private final List<RtpSource> sources;
  private final List<ReceivedStream> streams = new ArrayList<>();
  private final RtpPacket packet = new RtpPacket();
  private final ExtensionElements elements = new ExtensionElements();
  private final RtcpCompound compound = new RtcpCompound();
  private final ReportPacket report = new ReportPacket();
  private final RtcpWriter writer = new RtcpWriter();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment scratch = arena.allocate(PACKET_BYTES, 64);
  private final MemorySegment clear = arena.allocate(PACKET_BYTES, 64);
  private Optional<TransportFeedbackRecorder> recorder = Optional.empty();
  private Optional<SrtpTransform> srtp = Optional.empty();
  private Outlet outlet = (memory, length) -> {};
  private int feedbackId = -1;
  private boolean numbersPackets;
  private int transportSequenceNumber;
  private int housekeepings;
  private boolean sending;
  private Histogram latencyNanos = new Histogram(1);

  /** The SSRC is that of its reports where it sends nothing. */
  PeerMedia(LoadLoop loop, int ownSsrc, List<RtpSource> sources, boolean transportFeedback) {
    this.loop = loop;
    this.transportFeedback = transportFeedback;
    this.ownSsrc = ownSsrc;
    this.sources = List.copyOf(sources);
  }

  /** For delays of a run; 200 kB, so the peers of a meeting share one. */
  static Histogram newHistogram() {
    return new Histogram(HIGHEST_LATENCY_NANOS, 3);
  }

  List<RtpSource> sources() {
    return sources;
  }

  /** Whether transport-wide numbers and feedback on them are to be offered. */
  boolean offersTransportFeedback() {
    return transportFeedback;
  }

  /** Before it connects: what it sends has transport-wide numbers. */
  void numberPackets() {
    numbersPackets = true;
  }

  /** Before it connects: what comes has transport-wide numbers under this identifier. */
  void reportTransport(int extensionId) {
    feedbackId = extensionId;
    recorder =
        Optional.of(
            new TransportFeedbackRecorder(
                TransportFeedbackRecorder.DEFAULT_WINDOW_PACKETS,
                TransportFeedbackRecorder.DEFAULT_INTERVAL_NANOS));
  }

  /** The transport is there. */
  void start(SrtpTransform transform, Outlet outlet, boolean reports) {
    srtp = Optional.of(transform);
    this.outlet = outlet;
    if (reports) {
      // A little apart from other peers, as those of different people are.
      loop.at(System.nanoTime() + Math.floorMod(ownSsrc, HOUSEKEEPING_NANOS), this::keepHouse);
    }
  }

  /** The transport is gone. */
  void stop() {
    sending = false;
    srtp = Optional.empty();
    arena.close();
  }

  /**
   * Begins to send, and to count anew what comes.
   *
   * @param latencyNanos gets the delays from the senders' sockets to this peer's
   */
  void startRun(Histogram latencyNanos) {
    this.latencyNanos = latencyNanos;
    streams.forEach(ReceivedStream::startRun);
    sending = true;
    long now = System.nanoTime();
    for (RtpSource source : sources) {
      source.resume(now / 1000);
      schedule(source);
    }
  }

  void stopSending() {
    sending = false;
  }

  long received() {
    return streams.stream().mapToLong(ReceivedStream::received).sum();
  }

  long gaps() {
    return streams.stream().mapToLong(ReceivedStream::gaps).sum();
  }

  private void schedule(RtpSource source) {
    loop.at(source.dueMicros() * 1000, () -> sendNext(source));
  }

  private void sendNext(RtpSource source) {
    if (!sending || srtp.isEmpty()) {
      return;
    }
    int number = numbersPackets ? transportSequenceNumber++ & 0xffff : -1;
    int length = source.write(scratch, 0, number, epochNanos());
    int protectedLength = srtp.get().protectRtp(scratch, 0, length);
    if (protectedLength > 0) {
      outlet.send(scratch, protectedLength);
    }
    schedule(source);
  }

  private static long epochNanos() {
    Instant now = CLOCK.instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  void onRtp(SrtpTransform transform, MemorySegment memory, long offset, int length, long arrived) {
    if (recorder.isPresent()) {
      recordArrival(recorder.get(), memory, offset, length, arrived);
    }
    Optional<Medium> medium = Medium.ofPayloadType(Wire.u8(memory, offset + 1) & 0x7f);
    if (medium.isEmpty()) {
      return; // padding or a retransmission: nothing that was sent
    }
    long now = System.nanoTime();
    ReceivedStream stream = stream(Wire.i32(memory, offset + 8), medium.get());
    stream.onPacket(Wire.u16(memory, offset + 2), Wire.u32(memory, offset + 4), now);
    if (stream.received() % SAMPLE == 0) {
      recordLatency(transform, memory, offset, length, arrived);
    }
  }

  private ReceivedStream stream(int ssrc, Medium medium) {
    for (int i = 0; i < streams.size(); i++) {
      if (streams.get(i).ssrc() == ssrc) {
        return streams.get(i);
      }
    }
    ReceivedStream stream = new ReceivedStream(ssrc, medium);
    streams.add(stream);
    return stream;
  }

  private void recordArrival(
      TransportFeedbackRecorder recorder,
      MemorySegment memory,
      long offset,
      int length,
      long arrived) {
    if (!packet.wrap(memory, offset, length)) {
      return;
    }
    elements.wrap(packet);
    while (elements.next()) {
      if (elements.id() == feedbackId) {
        recorder.onPacket(Wire.u16(memory, elements.valueOffset()), arrived);
        return;
      }
    }
  }

  private void recordLatency(
      SrtpTransform transform, MemorySegment memory, long offset, int length, long arrived) {
    int opened = transform.unprotectRtp(memory, offset, length, clear, 0);
    if (opened > 0 && packet.wrap(clear, 0, opened)) {
      if (packet.payloadLength() >= RtpSource.STAMP_BYTES) {
        long nanos = arrived - Wire.i64(clear, packet.payloadOffset());
        latencyNanos.recordValue(Math.clamp(nanos, 0, HIGHEST_LATENCY_NANOS));
      }
    }
  }

  void onRtcp(SrtpTransform transform, MemorySegment memory, long offset, int length) {
    int opened = transform.unprotectRtcp(memory, offset, length);
    if (opened <= 0 || !compound.wrap(memory, offset, opened)) {
      return;
    }
    while (compound.next()) {
      if (compound.type() == RtcpType.SENDER_REPORT && report.wrap(compound)) {
        for (ReceivedStream stream : streams) {
          if (stream.ssrc() == report.senderSsrc()) {
            stream.onSenderReport(report.ntp(), report.rtpTimestamp(), System.nanoTime());
          }
        }
      }
    }
  }

  private void keepHouse() {
    if (srtp.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    loop.at(now + HOUSEKEEPING_NANOS, this::keepHouse);
    writer.begin(scratch, 0, RTCP_BYTES);
    if (++housekeepings % HOUSEKEEPINGS_A_REPORT == 0) {
      writeReports(now);
    }
    recorder.ifPresent(it -> {
      while (it.nanosUntilDue(epochNanos()) == 0
          && writer.transportFeedback(it, ownSsrc, mediaSsrc())) {
        // until there is nothing left to report
      }
    });
    if (writer.length() > 0) {
      int length = srtp.get().protectRtcp(scratch, 0, writer.length());
      if (length > 0) {
        outlet.send(scratch, length);
      }
    }
  }

  private int mediaSsrc() {
    return streams.isEmpty() ? 0 : streams.getFirst().ssrc();
  }

  private void writeReports(long now) {
    for (RtpSource source : sources) {
      writer.senderReport(
          source.ssrc(),
          NtpTime.ofUnixNanos(epochNanos()),
          source.rtpTimestamp(),
          source.sent(),
          source.sentBytes());
    }
    if (sources.isEmpty()) {
      writer.receiverReport(ownSsrc);
    }
    for (ReceivedStream stream : streams) {
      stream.writeReportBlock(writer, now);
    }
    int ssrc = sources.isEmpty() ? ownSsrc : sources.getFirst().ssrc();
    writer.sourceDescription(ssrc, NAME, 0, (int) NAME.byteSize() - 1);
  }
}
