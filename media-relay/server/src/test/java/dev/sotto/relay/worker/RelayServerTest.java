package dev.sotto.relay.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.conference.ConferenceListener;
import dev.sotto.relay.control.ConferenceAnswer;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.DtlsSetup;
import dev.sotto.relay.control.Encoding;
import dev.sotto.relay.control.EndpointChange;
import dev.sotto.relay.control.EndpointSettings;
import dev.sotto.relay.control.HeaderExtension;
import dev.sotto.relay.control.IceCredentials;
import dev.sotto.relay.control.LocalTransport;
import dev.sotto.relay.control.MediaDescription;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.PayloadType;
import dev.sotto.relay.control.RemoteTransport;
import dev.sotto.relay.control.SourceDescription;
import dev.sotto.relay.control.SourceKind;
import dev.sotto.relay.testkit.Peer;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole relay over real sockets. */
class RelayServerTest {
  private static final int AUDIO_SSRC = 1001;
  private static final int VIDEO_SSRC = 2001;
  private static final int PATIENCE_MILLIS = 10_000;

  private RelayServer relay;
  private final List<Peer> peers = new ArrayList<>();

  @BeforeEach
  void start() {
    relay =
        RelayServer.start(
            RelaySettings.on(List.of(InetAddress.getLoopbackAddress()), 0, 2),
            new SecureRandom(),
            Clock.systemUTC(),
            new ConferenceListener() {
              @Override
              public void onSlots(String conference, String endpoint, List<Occupancy> slots) {}

              @Override
              public void onSpeakers(String conference, List<String> endpoints) {}

              @Override
              public void onEndpointFailed(String conference, String endpoint, String why) {}

              @Override
              public void onEndpointLeft(String conference, String endpoint) {}

              @Override
              public void onConferenceEnded(String conference) {}
            });
  }

  @AfterEach
  void stop() {
    peers.forEach(Peer::close);
    relay.close();
  }

  @Test
  void what_one_sends_the_others_get() throws InterruptedException {
    create("c");
    Peer alice = join("c", "alice", AUDIO_SSRC, VIDEO_SSRC);
    Peer bob = join("c", "bob", AUDIO_SSRC + 1, VIDEO_SSRC + 1);
    Peer carol = join("c", "carol", AUDIO_SSRC + 2, VIDEO_SSRC + 2);
    for (int i = 0; i < 5; i++) {
      alice.sendRtp(rtp(111, i, 960 * i, AUDIO_SSRC, 80, i));
    }
    for (Peer peer : List.of(bob, carol)) {
      byte[] got = peer.nextRtp(PATIENCE_MILLIS);
      assertThat(got).isNotEmpty();
      assertThat(ByteBuffer.wrap(got).getInt(8)).isEqualTo(AUDIO_SSRC);
    }
    assertThat(alice.nextRtp(1)).isEmpty();
  }

  private void create(String id) {
    apply(new ConferenceRequest(id, ConferenceRequest.Action.CREATE, Optional.empty(), List.of()));
  }

  private ConferenceAnswer apply(ConferenceRequest request) {
    return relay.apply(request).toCompletableFuture().join();
  }

  private Peer join(String conference, String id, int audioSsrc, int videoSsrc)
      throws InterruptedException {
    Peer peer = new Peer();
    peers.add(peer);
    EndpointSettings settings =
        new EndpointSettings(
            Optional.of(
                new RemoteTransport(
                    Optional.of(new IceCredentials(peer.ufrag, peer.password)),
                    Optional.of(DtlsSetup.ACTIVE),
                    List.of(peer.fingerprint()),
                    List.of(),
                    false)),
            List.of(
                new MediaDescription(
                    MediaKind.AUDIO,
                    List.of(new PayloadType(111, "opus", 48_000, 2, Map.of(), List.of())),
                    List.of(new HeaderExtension(1, "urn:ietf:params:rtp-hdrext:ssrc-audio-level")),
                    true),
                new MediaDescription(
                    MediaKind.VIDEO,
                    List.of(new PayloadType(96, "VP8", 90_000, 1, Map.of(), List.of())),
                    List.of(),
                    true)),
            Optional.of(
                List.of(
                    source(id + "-a0", SourceKind.AUDIO, audioSsrc),
                    source(id + "-v0", SourceKind.CAMERA, videoSsrc))),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    ConferenceAnswer answer =
        apply(
            new ConferenceRequest(
                conference,
                ConferenceRequest.Action.MODIFY,
                Optional.empty(),
                List.of(new EndpointChange.Create(id, settings))));
    LocalTransport transport = answer.endpoints().getFirst().transport().orElseThrow();
    peer.connect(transport);
    return peer;
  }

  private static SourceDescription source(String id, SourceKind kind, int ssrc) {
    return new SourceDescription(
        id,
        kind,
        Optional.empty(),
        List.of(new Encoding(OptionalLong.of(ssrc), Optional.empty(), OptionalLong.empty())));
  }

  private static byte[] rtp(int type, int sequence, int timestamp, int ssrc, int bytes, int fill) {
    ByteBuffer packet = ByteBuffer.allocate(12 + bytes);
    packet.put((byte) 0x80).put((byte) type).putShort((short) sequence);
    packet.putInt(timestamp).putInt(ssrc);
    while (packet.hasRemaining()) {
      packet.put((byte) fill);
    }
    return packet.array();
  }
}
