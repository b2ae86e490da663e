package dev.sotto.relay.transport;

import dev.sotto.media.demux.PacketKind;
import dev.sotto.media.dtls.DtlsCertificate;
import dev.sotto.media.dtls.DtlsRole;
import dev.sotto.media.dtls.Fingerprint;
import dev.sotto.media.ice.IceCredentials;
import dev.sotto.media.ice.IceListener;
import dev.sotto.media.ice.IceSession;
import dev.sotto.media.srtp.SrtpRefusal;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.statistics.DropReason;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * One endpoint's bundled transport: ICE in the lite role, DTLS-SRTP over the nominated path, SRTP
 * in and out. Media comes in from validated addresses only and goes out with consent only. Owned by
 * one event loop; allocates nothing per packet of media.
 */
public final class EndpointTransport implements IceListener {
  /** Who is muted still reports about once a second. */
  private static final long TALKS_NANOS = 3_000_000_000L;

  private final TransportContext context;
  private final TransportListener listener;
  private final IceSession ice;
  private final DtlsSession dtls;
  private final ArrivalLimit limit;
  private final Counters counters;
  private final List<ValidAddress> addresses = new ArrayList<>(4);

  /** Unresolved while nothing has been nominated; {@link IceSession#maySend} is asked first. */
  private InetSocketAddress remote = InetSocketAddress.createUnresolved("none", 0);

  private int socket;
  private long reservedOffset;
  private long nowNanos;
  private boolean closed;

  /** When the last authentic packet came, if one did. */
  private boolean heard;

  private long heardNanos;

  private record ValidAddress(long key, InetSocketAddress address) {}

  /**
   * @param certificate whose fingerprint the endpoint is told
   */
  public EndpointTransport(
      TransportContext context,
      DtlsCertificate certificate,
      TransportListener listener,
      long nowNanos) {
    this.context = context;
    this.listener = listener;
    this.nowNanos = nowNanos;
    this.counters = context.counters();
    this.ice = context.ice().open(context.random(), this);
    this.limit =
        new ArrivalLimit(
            context.limits().packetsPerSecond(), context.limits().bitsPerSecond(), nowNanos);
    this.dtls =
        new DtlsSession(
            context,
            certificate,
            this::sendDtls,
            listener,
            () -> listener.onWritable(this.nowNanos),
            () -> this.nowNanos);
  }

  /** What the endpoint is to be told. */
  public IceCredentials localCredentials() {
    return ice.localCredentials();
  }

  public DtlsCertificate certificate() {
    return dtls.certificate();
  }

  /** Which side of the handshake the relay is, as far as that is settled. */
  public DtlsRole role() {
    return dtls.role();
  }

  public boolean isRoleSettled() {
    return dtls.isRoleSettled();
  }

  /**
   * Notes the endpoint's credentials.
   *
   * @return whether they are another generation, which the relay answers with a restart of its own
   */
  public boolean setRemoteCredentials(IceCredentials credentials) {
    return ice.setRemoteCredentials(credentials);
  }

  /** New local credentials (RFC 8445 section 9); media goes on meanwhile. */
  public IceCredentials restartIce() {
    return ice.restart(context.random());
  }

  /** Who the endpoint says it is. Others than before end the association that there is. */
  public void setRemoteFingerprints(List<Fingerprint> fingerprints, DtlsRole role) {
    dtls.expect(fingerprints, role);
  }

  /** A datagram from an address of this endpoint, which is no STUN. */
  public void onDatagram(
      PacketKind kind, MemorySegment segment, long offset, int length, long arrivalNanos) {
    nowNanos = arrivalNanos;
    if (!limit.admits(length, arrivalNanos)) {
      counters.drop(DropReason.OVER_RATE);
      return;
    }
    if (kind == PacketKind.DTLS) {
      dtls.onDatagram(segment, offset, length);
      return;
    }
    if (!dtls.hasKeys()) {
      counters.drop(DropReason.NO_KEYS);
      return;
    }
    boolean isRtp = kind == PacketKind.RTP;
    int plain =
        isRtp
            ? dtls.srtp().unprotectRtp(segment, offset, length)
            : dtls.srtp().unprotectRtcp(segment, offset, length);
    if (plain < 0) {
      counters.drop(reasonOf(plain));
      return;
    }
    heard = true;
    heardNanos = arrivalNanos;
    if (isRtp) {
      listener.onRtp(segment, offset, plain, arrivalNanos);
    } else {
      listener.onRtcp(segment, offset, plain, arrivalNanos);
    }
  }

  private static DropReason reasonOf(int refusal) {
    return switch (SrtpRefusal.of(refusal)) {
      case AUTHENTICATION_FAILED -> DropReason.SRTP_FORGED;
      case REPLAYED, TOO_OLD -> DropReason.SRTP_REPLAYED;
      default -> DropReason.SRTP_REFUSED;
    };
  }

  /** Whether media may be sent now. */
  public boolean isWritable(long now) {
    return dtls.hasKeys() && ice.maySend(now);
  }

  /** Whether ICE has nominated and DTLS has ended well. */
  public boolean isConnected() {
    return dtls.hasKeys();
  }

  /** The segment in which packets to send are made. */
  public MemorySegment sendSegment() {
    return context.sink().segment();
  }

  /**
   * Room for one packet of at most so many bytes before protection.
   *
   * @return its offset in {@link #sendSegment}, or {@link PacketSink#NO_ROOM}
   */
  public long reserve(int bytes) {
    reservedOffset = context.sink().reserve(bytes + dtls.overheadBytes());
    return reservedOffset;
  }

  /** Whether it pays to send packets of one length after each other. */
  public boolean sendsRuns() {
    return context.sink().sendsRuns();
  }

  /** Protects and sends the RTP packet at the reserved place; the bytes sent, or less than 0. */
  public int sendRtp(int length) {
    return sent(dtls.srtp().protectRtp(sendSegment(), reservedOffset, length));
  }

  /** The same, with the header at the reserved place and the payload elsewhere. */
  public int sendRtp(int length, MemorySegment payload, long payloadOffset) {
    return sent(
        dtls.srtp().protectRtp(sendSegment(), reservedOffset, length, payload, payloadOffset));
  }

  /** Protects and sends the RTCP compound at the reserved place; the bytes sent, or less than 0. */
  public int sendRtcp(int length) {
    return sent(dtls.srtp().protectRtcp(sendSegment(), reservedOffset, length));
  }

  private int sent(int length) {
    if (length < 0) {
      counters.drop(DropReason.SRTP_REFUSED);
    } else {
      context.sink().send(length, socket, remote);
    }
    return length;
  }

  private void sendDtls(byte[] datagram, int offset, int length) {
    if (closed || remote.isUnresolved()) {
      return;
    }
    long place = context.sink().reserve(length);
    if (place != PacketSink.NO_ROOM) {
      MemorySegment.copy(
          MemorySegment.ofArray(datagram), offset, context.sink().segment(), place, length);
      context.sink().send(length, socket, remote);
    }
  }

  /** When {@link #onTimer} is due; {@link Long#MAX_VALUE} for never. */
  public long nextTimerNanos() {
    return ice.nextTimerNanos();
  }

  public void onTimer(long now) {
    nowNanos = now;
    ice.onTimer(now);
    dtls.onTimer();
  }

  @Override
  public void onAddressValid(long remoteKey, InetSocketAddress address) {
    addresses.add(new ValidAddress(remoteKey, address));
  }

  /**
   * The newest proof has the address: a NAT may have given it anew. But who talks from an address
   * keeps it, as a member that forges the source of its checks must not cut others off.
   */
  @Override
  public void onCheck(long remoteKey, InetSocketAddress address, long checkNanos) {
    nowNanos = checkNanos;
    EndpointTransport holder = context.addresses().find(remoteKey, address, null);
    if (holder == null || (holder != this && !holder.talksOver(remoteKey, address, checkNanos))) {
      var _ = context.addresses().put(remoteKey, address, this);
    }
    dtls.onTimer();
  }

  private boolean talksOver(long remoteKey, InetSocketAddress address, long now) {
    return heard
        && now - heardNanos < TALKS_NANOS
        && socket == RemoteKeys.socket(remoteKey)
        && remote.equals(address);
  }

  @Override
  public void onAddressExpired(long remoteKey, InetSocketAddress address) {
    addresses.remove(new ValidAddress(remoteKey, address));
    context.addresses().remove(remoteKey, address, this);
  }

  @Override
  public void onSelected(long remoteKey, InetSocketAddress address) {
    remote = address;
    socket = RemoteKeys.socket(remoteKey);
    dtls.onPath();
  }

  @Override
  public void onConsentLost() {
    counters.increment(Counter.CONSENTS_LOST);
  }

  @Override
  public void onConsentRegained() {
    if (dtls.hasKeys()) {
      listener.onWritable(nowNanos);
    }
  }

  /** Where media goes, for people to read. */
  public String describePath() {
    return remote.isUnresolved()
        ? "none"
        : remote.getAddress().getHostAddress() + ":" + remote.getPort();
  }

  /** Says goodbye, stops answering checks and forgets keys and addresses. */
  public void close() {
    dtls.close(); // first, while the goodbye can still go out
    closed = true;
    ice.close();
    addresses.forEach(valid -> context.addresses().remove(valid.key, valid.address, this));
    addresses.clear();
  }
}
