package dev.sotto.relay.conference;

import dev.sotto.media.dtls.DtlsConnection;
import dev.sotto.media.dtls.DtlsFailure;
import dev.sotto.media.dtls.DtlsHandshake;
import dev.sotto.media.dtls.DtlsListener;
import dev.sotto.media.dtls.DtlsRole;
import dev.sotto.media.dtls.SrtpKeys;
import dev.sotto.media.rtcp.RtcpCompound;
import dev.sotto.media.rtcp.RtcpType;
import dev.sotto.media.rtcp.RtcpWriter;
import dev.sotto.media.rtcp.TransportFeedbackRecorder;
import dev.sotto.media.srtp.SrtpMasterKey;
import dev.sotto.media.srtp.SrtpTransform;
import dev.sotto.relay.testkit.Checks;
import dev.sotto.relay.transport.EndpointTransport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.function.Consumer;

/** A WebRTC endpoint of a {@link Room}: the DTLS client, with what it has received decrypted. */
final class Member {
  static final String UFRAG = "memb";
  static final String PASSWORD = "passwordOfTheMember12345";

  private static final int MAXIMUM_BYTES = 2048;

  final List<Packet> rtp = new ArrayList<>();
  final List<byte[]> rtcp = new ArrayList<>();

  /** Called with each RTCP packet of each compound that comes. */
  final List<Consumer<RtcpCompound>> onRtcp = new ArrayList<>();

  final List<Consumer<Packet>> onRtp = new ArrayList<>();

  /** Whether to tell of arrivals, by which the relay learns what its path carries. */
  boolean givesFeedback = true;

  /** Time, header and length of each RTP packet, if they are kept. */
  final List<String> headers = new ArrayList<>();

  boolean keepsHeaders;
  boolean keepsConsent = true;
  long nextCheckNanos;

  private final Room room;
  private final Described described;
  private final EndpointTransport transport;
  private final int port;
  private final Random random;
  private final MemorySegment memory = Arena.ofAuto().allocate(MAXIMUM_BYTES);
  private final MemorySegment incoming = Arena.ofAuto().allocate(MAXIMUM_BYTES);
  private final TransportFeedbackRecorder arrivals =
      new TransportFeedbackRecorder(
          TransportFeedbackRecorder.DEFAULT_WINDOW_PACKETS, 50 * Room.MILLISECOND);
  private volatile DtlsHandshake handshake;
  private volatile DtlsConnection connection;
  private volatile SrtpTransform srtp;

  Member(Room room, Described described, EndpointTransport transport, int port) {
    this.room = room;
    this.described = described;
    this.transport = transport;
    this.port = port;
    random = new Random(port);
  }

  Described described() {
    return described;
  }

  EndpointTransport transport() {
    return transport;
  }

  int port() {
    return port;
  }

  InetSocketAddress address() {
    return Room.address(port);
  }

  byte[] check() {
    return Checks.nominating(
        transport.localCredentials().ufrag(),
        transport.localCredentials().password(),
        UFRAG,
        random);
  }

  boolean isConnected() {
    return srtp != null;
  }

  void shakeHands(Queue<Runnable> loop) {
    handshake =
        Room.DTLS.handshake(
            DtlsRole.ACTIVE,
            Room.CERTIFICATE,
            List.of(Room.CERTIFICATE.fingerprint()),
            (bytes, offset, length) -> {
              byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
              loop.add(() -> room.deliver(this, copy));
            },
            new DtlsListener() {
              @Override
              public void onEstablished(DtlsConnection established) {
                loop.add(() -> establish(established));
              }

              @Override
              public void onFailed(DtlsFailure failure) {
                loop.add(() -> {
                  throw new AssertionError(failure.toString());
                });
              }
            });
    Thread.ofVirtual().start(handshake);
  }

  private void establish(DtlsConnection established) {
    established.takeOver();
    connection = established;
    try (SrtpKeys keys = established.takeKeys()) {
      srtp =
          room.srtp.of(
              keys.profile(),
              new SrtpMasterKey(keys.localKey(), keys.localSalt()),
              new SrtpMasterKey(keys.remoteKey(), keys.remoteSalt()));
    }
  }

  /** What the relay has sent to it. */
  void onDatagram(byte[] datagram, long nowNanos) {
    MemorySegment.copy(datagram, 0, incoming, ValueLayout.JAVA_BYTE, 0, datagram.length);
    int first = datagram[0] & 0xff;
    if (first < 64) {
      if (connection != null) {
        connection.onDatagram(incoming, 0, datagram.length);
      } else {
        handshake.offer(incoming, 0, datagram.length);
      }
      return;
    }
    int second = datagram[1] & 0xff;
    boolean control = second >= 192 && second <= 223;
    int plain =
        control
            ? srtp.unprotectRtcp(incoming, 0, datagram.length)
            : srtp.unprotectRtp(incoming, 0, datagram.length);
    if (plain < 0) {
      throw new AssertionError("the relay has sent what SRTP refuses: " + plain);
    }
    byte[] clear = Room.bytes(incoming, plain);
    if (control) {
      rtcp.add(clear);
      onRtcp.forEach(consumer -> forEachPacket(clear, consumer));
    } else {
      Packet packet = Packet.parse(clear, nowNanos);
      if (keepsHeaders) {
        int header = plain - packet.payload().length - packet.padding();
        headers.add(nowNanos + " " + HexFormat.of().formatHex(clear, 0, header) + " " + plain);
      }
      rtp.add(packet);
      noteArrival(packet, nowNanos);
      onRtp.forEach(consumer -> consumer.accept(packet));
    }
  }

  private void noteArrival(Packet packet, long nowNanos) {
    byte[] number = packet.extensions().get(described.extensions.getOrDefault("tcc", -1));
    if (number == null || !givesFeedback) {
      return;
    }
    if (arrivals.nanosUntilDue(nowNanos) == TransportFeedbackRecorder.NEVER) {
      room.at(
          nowNanos + 50 * Room.MILLISECOND,
          () ->
              control(writer -> {
                writer.receiverReport(1);
                writer.transportFeedback(arrivals, 1, packet.ssrc());
              }));
    }
    arrivals.onPacket((number[0] & 0xff) << 8 | (number[1] & 0xff), nowNanos);
  }

  static void forEachPacket(byte[] compound, Consumer<RtcpCompound> consumer) {
    MemorySegment segment = Arena.ofAuto().allocate(compound.length);
    MemorySegment.copy(compound, 0, segment, ValueLayout.JAVA_BYTE, 0, compound.length);
    RtcpCompound reader = new RtcpCompound();
    if (!reader.wrap(segment, 0, compound.length)) {
      throw new AssertionError("the relay has sent RTCP that is no compound");
    }
    while (reader.next()) {
      consumer.accept(reader);
    }
  }

  /** How many RTCP packets of a kind have come. */
  int count(RtcpType type) {
    int[] count = new int[1];
    rtcp.forEach(
        compound -> forEachPacket(compound, packet -> count[0] += packet.type() == type ? 1 : 0));
    return count[0];
  }

  void send(Packet packet) {
    sendRaw(packet.toBytes());
  }

  /** Sends RTP as it is. */
  void sendRaw(byte[] packet) {
    room.deliver(this, protect(packet, false));
  }

  byte[] protect(byte[] packet, boolean control) {
    MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
    int length =
        control
            ? srtp.protectRtcp(memory, 0, packet.length)
            : srtp.protectRtp(memory, 0, packet.length);
    if (length < 0) {
      throw new AssertionError("SRTP refuses a packet of the test: " + length);
    }
    return Room.bytes(memory, length);
  }

  /** Sends an RTCP compound; timers that it sets are run. */
  void control(Consumer<RtcpWriter> content) {
    MemorySegment segment = Arena.ofAuto().allocate(1200);
    RtcpWriter writer = new RtcpWriter().begin(segment, 0, 1200);
    content.accept(writer);
    room.deliver(this, protect(Room.bytes(segment, writer.length()), true));
    room.settle();
  }

  /** What has come of one stream, and forgets nothing. */
  List<Packet> of(int ssrc) {
    return rtp.stream().filter(packet -> packet.ssrc() == ssrc).toList();
  }

  /** What has come without what has been sent again, or to probe. */
  List<Packet> media() {
    return rtp.stream().filter(packet -> packet.payloadType() != described.rtx).toList();
  }

  /** What has come since the time, of one stream. */
  List<Packet> of(int ssrc, long sinceNanos) {
    return of(ssrc).stream().filter(packet -> packet.atNanos() >= sinceNanos).toList();
  }

  void forget() {
    rtp.clear();
    rtcp.clear();
  }
}
