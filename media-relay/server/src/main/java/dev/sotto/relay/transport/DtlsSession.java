package dev.sotto.relay.transport;

import dev.sotto.media.dtls.DatagramOutlet;
import dev.sotto.media.dtls.DtlsCertificate;
import dev.sotto.media.dtls.DtlsConnection;
import dev.sotto.media.dtls.DtlsFailure;
import dev.sotto.media.dtls.DtlsHandshake;
import dev.sotto.media.dtls.DtlsListener;
import dev.sotto.media.dtls.DtlsRole;
import dev.sotto.media.dtls.Fingerprint;
import dev.sotto.media.dtls.SrtpKeys;
import dev.sotto.media.srtp.SrtpMasterKey;
import dev.sotto.media.srtp.SrtpProfile;
import dev.sotto.media.srtp.SrtpTransform;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.DropReason;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * DTLS-SRTP of one endpoint: begins a handshake when there is a path, a fingerprint to expect and a
 * reason, and makes the SRTP transform of its keys. A handshake that belongs to what was expected
 * before is cancelled, and what it still says is ignored.
 */
final class DtlsSession {
  /** Who fails more often than this needs other fingerprints, or another relay. */
  private static final int MOST_FAILURES = 3;

  private final TransportContext context;
  private final DtlsCertificate certificate;
  private final DatagramOutlet outlet;
  private final TransportListener listener;
  private final Runnable onKeys;
  private final LongSupplier now;

  private List<Fingerprint> expected = List.of();
  private DtlsRole role = DtlsRole.PASSIVE;
  private Optional<DtlsHandshake> handshake = Optional.empty();
  private Optional<DtlsConnection> connection = Optional.empty();
  private Optional<Sender> sender = Optional.empty();
  private Optional<SrtpTransform> transform = Optional.empty();

  /** The transform that there is, without a box around it: asked for each packet. */
  private SrtpTransform srtp;

  private int overheadBytes;
  private int attempt;
  private boolean hasPath;
  private boolean deferred;
  private int failures;
  private boolean closed;

  DtlsSession(
      TransportContext context,
      DtlsCertificate certificate,
      DatagramOutlet outlet,
      TransportListener listener,
      Runnable onKeys,
      LongSupplier now) {
    this.context = context;
    this.certificate = certificate;
    this.outlet = outlet;
    this.listener = listener;
    this.onKeys = onKeys;
    this.now = now;
  }

  DtlsCertificate certificate() {
    return certificate;
  }

  DtlsRole role() {
    return role;
  }

  /** Whether the endpoint has said who begins. */
  boolean isRoleSettled() {
    return !expected.isEmpty();
  }

  boolean hasKeys() {
    return transform.isPresent();
  }

  SrtpTransform srtp() {
    return srtp;
  }

  int overheadBytes() {
    return overheadBytes;
  }

  void expect(List<Fingerprint> fingerprints, DtlsRole newRole) {
    boolean same = new HashSet<>(expected).equals(new HashSet<>(fingerprints));
    if (same && role == newRole) {
      return;
    }
    boolean another = !expected.isEmpty() && !same;
    // An association outlives the question of who began it; a handshake does not.
    boolean turned = role != newRole && handshake.isPresent();
    expected = List.copyOf(fingerprints);
    role = newRole;
    if (another || turned) {
      end();
      failures = 0;
    }
    beginAsClient();
  }

  void onPath() {
    hasPath = true;
    beginAsClient();
  }

  private void beginAsClient() {
    if (role == DtlsRole.ACTIVE && hasPath) {
      begin();
    }
  }

  private void begin() {
    if (expected.isEmpty()
        || failures >= MOST_FAILURES
        || handshake.isPresent()
        || connection.isPresent()
        || closed) {
      return;
    }
    int thisAttempt = attempt + 1;
    Sender made = new Sender();
    handshake =
        context
            .handshakes()
            .start(
                () ->
                    context
                        .dtls()
                        .handshake(role, certificate, expected, made, new Ending(thisAttempt)),
                now.getAsLong());
    deferred = handshake.isEmpty();
    if (!deferred) {
      attempt = thisAttempt;
      sender = Optional.of(made);
      context.counters().increment(Counter.HANDSHAKES_STARTED);
    } else {
      context.counters().increment(Counter.HANDSHAKES_DEFERRED);
    }
  }

  /** Tries again what was deferred: an endpoint that waits for the relay's hello sends nothing. */
  void onTimer() {
    if (deferred) {
      beginAsClient();
    }
  }

  /**
   * Sends for a handshake, which runs elsewhere, and then for the association, which is the loop's.
   */
  private final class Sender implements DatagramOutlet {
    private volatile boolean ofLoop;

    @Override
    public void send(byte[] datagram, int offset, int length) {
      if (ofLoop) {
        outlet.send(datagram, offset, length); // at once, as a goodbye would come too late
        return;
      }
      // The bytes are the handshake's again when this returns.
      byte[] copy = Arrays.copyOfRange(datagram, offset, offset + length);
      context.loop().execute(() -> outlet.send(copy, 0, copy.length));
    }
  }

  void onDatagram(MemorySegment segment, long offset, int length) {
    if (connection.isPresent()) {
      if (!connection.get().onDatagram(segment, offset, length)) {
        onEnd(new DtlsFailure(DtlsFailure.Reason.REFUSED_BY_PEER, "ended by the endpoint"));
      }
      return;
    }
    begin();
    if (handshake.isEmpty() || !handshake.get().offer(segment, offset, length)) {
      context.counters().drop(DropReason.DTLS_REFUSED);
    }
  }

  private void onEnd(DtlsFailure why) {
    end();
    failures++;
    context.counters().increment(Counter.HANDSHAKES_FAILED);
    listener.onFailed(why);
  }

  /** Posts how a handshake ended to the event loop. */
  private final class Ending implements DtlsListener {
    private final int of;

    Ending(int of) {
      this.of = of;
    }

    @Override
    public void onEstablished(DtlsConnection established) {
      try {
        context.loop().execute(() -> established(of, established));
      } catch (RejectedExecutionException _) {
        established.close(); // the relay has stopped meanwhile: nobody takes the keys
      }
    }

    @Override
    public void onFailed(DtlsFailure failure) {
      try {
        context.loop().execute(() -> failed(of, failure));
      } catch (RejectedExecutionException _) {
        // The relay has stopped meanwhile, and nobody is left to be told.
      }
    }
  }

  private void failed(int of, DtlsFailure failure) {
    if (of == attempt && handshake.isPresent()) {
      onEnd(failure);
    }
  }

  private void established(int of, DtlsConnection established) {
    boolean current = of == attempt && handshake.isPresent();
    if (current) {
      sender.ifPresent(mine -> mine.ofLoop = true);
    }
    boolean open = established.takeOver();
    if (!current || !open) {
      established.close();
      if (current) {
        onEnd(new DtlsFailure(DtlsFailure.Reason.REFUSED_BY_PEER, "ended at once"));
      }
      return;
    }
    handshake = Optional.empty();
    connection = Optional.of(established);
    try (SrtpKeys keys = established.takeKeys()) {
      srtp = transformOf(keys);
    }
    transform = Optional.of(srtp);
    overheadBytes = Math.max(srtp.profile().rtpOverheadBytes(), srtp.profile().rtcpOverheadBytes());
    context.counters().increment(Counter.HANDSHAKES_ESTABLISHED);
    onKeys.run();
  }

  private SrtpTransform transformOf(SrtpKeys keys) {
    SrtpProfile profile = keys.profile();
    SrtpMasterKey outbound = new SrtpMasterKey(keys.localKey(), keys.localSalt());
    SrtpMasterKey inbound = new SrtpMasterKey(keys.remoteKey(), keys.remoteSalt());
    SrtpTransform made = context.srtp().of(profile, outbound, inbound);
    outbound.clear();
    inbound.clear();
    return made;
  }

  private void end() {
    attempt++;
    handshake.ifPresent(DtlsHandshake::cancel);
    handshake = Optional.empty();
    connection.ifPresent(DtlsConnection::close);
    connection = Optional.empty();
    transform.ifPresent(SrtpTransform::close);
    transform = Optional.empty();
  }

  void close() {
    closed = true;
    end();
  }
}
