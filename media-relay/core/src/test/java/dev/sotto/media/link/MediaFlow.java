package dev.sotto.media.link;

import dev.sotto.media.bandwidth.GoogleCongestionControl;
import dev.sotto.media.bandwidth.RateLimits;
import dev.sotto.media.bandwidth.TransportSequence;
import dev.sotto.media.pacing.Pacer;
import dev.sotto.media.pacing.PacingSettings;
import dev.sotto.media.pacing.PacketPriority;
import dev.sotto.media.pacing.PaddingSource;
import java.util.ArrayList;
import java.util.List;

/**
 * A call in one direction: audio and video through the real pacer over a link, feedback on every
 * packet back over another, into the real congestion control. Handles are packet sizes.
 */
final class MediaFlow implements PaddingSource {
  /** What a flow is. */
  record Settings(
      double fps, double minVideoBps, double maxVideoBps, double feedbackSeconds, long seed) {}

  private static final int OVERHEAD_BYTES = 28 + 12 + 16 + 8;
  private static final double HEADROOM = 0.1;

  /** What of the target the encoder gets: the rest is headers. */
  private static final double PAYLOAD_PART = 0.95;

  private static final int PAYLOAD_BYTES = 1100;
  private static final int AUDIO_BYTES = 80 + OVERHEAD_BYTES;
  private static final double AUDIO_SECONDS = 0.02;
  private static final double AUDIO_BPS = AUDIO_BYTES * 8 / AUDIO_SECONDS;
  private static final int FEEDBACK_BASE_BYTES = 28 + 20 + 14;

  /** A TWCC packet counts time in units of 250 µs. */
  private static final long TWCC_TICK_MICROS = 250;

  private record Arrival(int transportSeq, long micros) {}

  private final VirtualTime time;
  private final Link forward;
  private final Link backward;
  private final Settings settings;
  private final VideoEncoder encoder;
  private final Pacer pacer;
  private final GoogleCongestionControl control;
  private final TransportSequence sequence = new TransportSequence(65_000);
  private final FlowStatistics statistics;
  private List<Arrival> arrivals = new ArrayList<>();
  private int nextReported = 65_000;
  private boolean active;
  private boolean started;
  private long pacerTimerNanos = Pacer.NEVER;

  MediaFlow(VirtualTime time, Link forward, Link backward, Settings settings, RateLimits limits) {
    this.time = time;
    this.forward = forward;
    this.backward = backward;
    this.settings = settings;
    encoder =
        new VideoEncoder(
            settings.fps(), settings.minVideoBps(), settings.maxVideoBps(), settings.seed());
    pacer = new Pacer(PacingSettings.DEFAULT, limits.startBps(), this, _ -> {}, time.nowNanos());
    control =
        new GoogleCongestionControl(
            limits,
            (id, bps, bytes, packets) -> {
              pacer.startProbe(id, bps, bytes, packets);
              time.at(time.nowNanos(), this::send);
            },
            time.nowNanos());
    statistics = new FlowStatistics(time);
  }

  /** Media begins, or goes on after a pause. */
  void startAt(double seconds) {
    time.at((long) (seconds * 1e9), this::start);
  }

  /** Media pauses: nothing is sent, feedback on what is under way still comes. */
  void pauseAt(double seconds) {
    time.at(
        (long) (seconds * 1e9),
        () -> {
          active = false;
          control.setDesiredRate(0);
        });
  }

  private void start() {
    active = true;
    control.setDesiredRate((long) (encoder.maxBps() * (1 + HEADROOM) + AUDIO_BPS));
    frame();
    audio();
    if (!started) {
      started = true;
      feedback();
      timer();
    }
  }

  private void frame() {
    if (!active) {
      return;
    }
    int left = encoder.nextFrameBytes(PAYLOAD_PART * (control.targetRateBps() - AUDIO_BPS));
    while (left > 0) {
      int size = Math.min(left, PAYLOAD_BYTES) + OVERHEAD_BYTES;
      pacer.enqueue(size, size, PacketPriority.VIDEO, time.nowNanos());
      left -= PAYLOAD_BYTES;
    }
    send();
    time.after((long) (encoder.intervalSeconds() * 1e9), this::frame);
  }

  private void audio() {
    if (!active) {
      return;
    }
    pacer.enqueue(AUDIO_BYTES, AUDIO_BYTES, PacketPriority.AUDIO, time.nowNanos());
    send();
    time.after((long) (AUDIO_SECONDS * 1e9), this::audio);
  }

  private void send() {
    long now = time.nowNanos();
    for (long handle = pacer.poll(now); handle != Pacer.NONE; handle = pacer.poll(now)) {
      int size = (int) handle;
      int transportSeq = sequence.assign();
      control.onPacketSent(transportSeq, size, now, pacer.polledProbeClusterId());
      forward.send(size, waited -> arrived(transportSeq, size, waited));
    }
    long next = pacer.nextSendTimeNanos();
    if (next != Pacer.NEVER && (next < pacerTimerNanos || pacerTimerNanos <= now)) {
      pacerTimerNanos = Math.max(next, now + 1);
      time.at(pacerTimerNanos, this::pacerTimer);
    }
  }

  private void pacerTimer() {
    if (time.nowNanos() >= pacerTimerNanos) {
      pacerTimerNanos = Pacer.NEVER;
      send();
    }
  }

  private void arrived(int transportSeq, int bytes, double waitedSeconds) {
    long micros = time.nowNanos() / 1_000 / TWCC_TICK_MICROS * TWCC_TICK_MICROS;
    arrivals.add(new Arrival(transportSeq, micros));
    statistics.onArrival(bytes, waitedSeconds);
  }

  private void feedback() {
    if (!arrivals.isEmpty()) {
      List<Arrival> reported = arrivals;
      int first = nextReported;
      int last = reported.getLast().transportSeq();
      nextReported = last + 1 & 0xffff;
      arrivals = new ArrayList<>();
      int covered = TransportSequence.distance(first, last) + 1;
      int bytes = FEEDBACK_BASE_BYTES + 2 * covered;
      backward.send(bytes, _ -> onFeedback(first, covered, reported));
    }
    time.after((long) (settings.feedbackSeconds() * 1e9), this::feedback);
  }

  private void onFeedback(int first, int covered, List<Arrival> reported) {
    control.beginFeedback(time.nowNanos());
    int next = 0;
    for (int i = 0; i < covered; i++) {
      int transportSeq = first + i & 0xffff;
      boolean received =
          next < reported.size() && reported.get(next).transportSeq() == transportSeq;
      control.onPacketFeedback(transportSeq, received, received ? reported.get(next).micros() : 0);
      if (received) {
        next++;
      }
    }
    control.endFeedback();
    pacer.setTargetRate(control.targetRateBps(), time.nowNanos());
    statistics.onTarget(control.targetRateBps());
  }

  private void timer() {
    if (time.nowNanos() >= control.nextTimerNanos()) {
      control.onTimer(time.nowNanos());
      pacer.setTargetRate(control.targetRateBps(), time.nowNanos());
    }
    time.after(10_000_000, this::timer);
  }

  @Override
  public long nextPadding(int wantedBytes, long nowNanos) {
    return active ? paddingSizeBytes() : Pacer.NONE;
  }

  @Override
  public int paddingSizeBytes() {
    return PAYLOAD_BYTES + OVERHEAD_BYTES;
  }

  FlowStatistics statistics() {
    return statistics;
  }
}
