package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.ServerProcess;
import dev.sotto.media.dtls.CertificateSource;
import dev.sotto.media.dtls.DtlsContext;
import dev.sotto.media.dtls.DtlsSettings;
import dev.sotto.media.srtp.SrtpProvider;
import dev.sotto.media.srtp.SrtpTransforms;
import java.net.Inet4Address;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * Many WebRTC peers on one thread. Senders replay recordings whatever the server does (an open
 * loop): a slow server shows as delay or loss, not as a smaller load.
 */
final class LoadClient implements AutoCloseable {

  /** What is still under way after the last packet was sent comes in this time, or never. */
  private static final Duration DRAIN = Duration.ofMillis(500);

  /** How long a run sends before it counts. */
  static final Duration LEAD_IN = Duration.ofSeconds(1);

  private final LoadLoop loop = new LoadLoop();
  private final Inet4Address address;
  private final boolean transportFeedback;
  private final Peer.Parts parts;
  private final SplittableRandom random = new SplittableRandom(1);
  private int nextSsrc = 10_000;

  /**
   * Its peers have ports of this address.
   *
   * @param transportFeedback whether they offer transport-wide feedback, by which relays bound what
   *     they send; without it they send all there is
   */
  LoadClient(Inet4Address address, boolean transportFeedback) {
    this.transportFeedback = transportFeedback;
    this.address = address;
    SecureRandom secure = new SecureRandom();
    this.parts =
        new Peer.Parts(
            loop,
            address,
            new DtlsContext(secure, DtlsSettings.DEFAULT),
            new CertificateSource(
                    secure,
                    CertificateSource.DEFAULT_VALIDITY,
                    CertificateSource.DEFAULT_RENEWAL,
                    Instant.now())
                .current(),
            SrtpTransforms.with(SrtpProvider.LIBCRYPTO),
            secure);
  }

  Inet4Address address() {
    return address;
  }

  /** A peer that sends a stream of each medium given, to as many as the audience has. */
  Peer newPeer(List<Medium> sends, int audience) {
    List<RtpSource> sources =
        sends.stream()
            .map(medium -> new RtpSource(medium, nextSsrc++, audience, random.nextDouble()))
            .toList();
    return new Peer(parts, new PeerMedia(loop, nextSsrc++, sources, transportFeedback));
  }

  /**
   * Lets all of these send for so long, and counts what comes to them. Before that they send for a
   * moment uncounted: relays look at a source that begins before they forward it.
   */
  Delivery run(List<Peer> peers, Duration length, ServerProcess relay) {
    var _ = send(peers, LEAD_IN);
    double relayCpu = relay.cpuSeconds();
    double clientCpu = loop.cpuSeconds();
    List<Long> sentBefore = onLoop(() -> sources(peers).stream().map(RtpSource::sent).toList());
    Histogram latency = send(peers, length);
    double usedByRelay = relay.cpuSeconds() - relayCpu;
    double usedHere = loop.cpuSeconds() - clientCpu;
    return onLoop(() -> delivery(peers, sentBefore, latency, usedByRelay, usedHere));
  }

  private Histogram send(List<Peer> peers, Duration length) {
    Histogram latencyNanos = PeerMedia.newHistogram();
    onLoop(() -> {
      peers.forEach(peer -> peer.media().startRun(latencyNanos));
      return true;
    });
    Pauses.pause(length);
    onLoop(() -> {
      peers.forEach(peer -> peer.media().stopSending());
      return true;
    });
    Pauses.pause(DRAIN);
    return latencyNanos;
  }

  private static Delivery delivery(
      List<Peer> peers,
      List<Long> sentBefore,
      Histogram latencyNanos,
      double relayCpuSeconds,
      double clientCpuSeconds) {
    List<RtpSource> sources = sources(peers);
    long expected = 0;
    for (int i = 0; i < sources.size(); i++) {
      RtpSource source = sources.get(i);
      expected += (source.sent() - sentBefore.get(i)) * source.audience();
    }
    return new Delivery(
        expected,
        peers.stream().mapToLong(peer -> peer.media().received()).sum(),
        peers.stream().mapToLong(peer -> peer.media().gaps()).sum(),
        latencyNanos,
        relayCpuSeconds,
        clientCpuSeconds);
  }

  private static List<RtpSource> sources(List<Peer> peers) {
    List<RtpSource> sources = new ArrayList<>();
    peers.forEach(peer -> sources.addAll(peer.media().sources()));
    return sources;
  }

  private <T> T onLoop(java.util.function.Supplier<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        done.complete(work.get());
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    return done.join();
  }

  @Override
  public void close() {
    loop.close();
  }
}
