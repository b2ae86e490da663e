package dev.sotto.relay.worker;

import static dev.sotto.relay.testkit.RelayWorld.audio;
import static dev.sotto.relay.testkit.RelayWorld.await;
import static dev.sotto.relay.testkit.RelayWorld.talk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.control.LocalTransport;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.DropReason;
import dev.sotto.relay.testkit.Checks;
import dev.sotto.relay.testkit.Logged;
import dev.sotto.relay.testkit.Peer;
import dev.sotto.relay.testkit.RelayWorld;
import dev.sotto.relay.transport.TransportLimits;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What comes to a port and is nobody's media: counted, not logged, and without effect. */
class HostileDatagramsTest {
  private static final int ALICE = 1001;
  private static final int BOB = 2001;
  private static final int COUNT = 100;

  /** Datagrams of garbage, fewer than a socket buffers at a time. */
  private static final int GARBAGE = 4000;

  private static final int TOGETHER = 200;

  private RelayWorld world = new RelayWorld(1);
  private final Logged logged = new Logged();

  @AfterEach
  void stop() {
    logged.close();
    world.close();
    assertThat(logged.lines()).isEmpty();
  }

  private LocalTransport transport;
  private Peer alice;
  private Peer bob;

  private void meet() throws InterruptedException {
    world.create("c");
    alice = world.peer();
    transport = world.invite("c", "alice", alice, ALICE);
    alice.connect(transport);
    bob = world.join("c", "bob", BOB);
    assertThat(talk(alice, ALICE, 1, bob)).isPositive();
  }

  private void awaitDrops(DropReason reason, long count) {
    await(reason + " " + count, () -> world.dropped(reason) >= count);
    assertThat(world.dropped(reason)).isEqualTo(count);
  }

  @Test
  void media_from_an_address_that_no_check_has_validated_is_dropped() throws InterruptedException {
    meet();
    Peer stranger = world.peer();
    stranger.aim(transport);
    for (int i = 0; i < COUNT; i++) {
      stranger.sendRaw(alice.protect(audio(ALICE, 500 + i), false));
    }
    awaitDrops(DropReason.UNKNOWN_ADDRESS, COUNT);
    assertThat(talk(alice, ALICE, 700, bob)).isGreaterThanOrEqualTo(700);
  }

  @Test
  void a_packet_is_forwarded_once_however_often_it_comes() throws InterruptedException {
    meet();
    byte[] packet = alice.protect(audio(ALICE, 900), false);
    alice.sendRaw(packet);
    assertThat(bob.nextRtp(20_000)).isNotEmpty();
    long forwarded = world.counted(Counter.RTP_PACKETS_FORWARDED);
    for (int i = 0; i < COUNT; i++) {
      alice.sendRaw(packet);
    }
    awaitDrops(DropReason.SRTP_REPLAYED, COUNT);
    assertThat(world.counted(Counter.RTP_PACKETS_FORWARDED)).isEqualTo(forwarded);
    assertThat(talk(alice, ALICE, 901, bob)).isGreaterThanOrEqualTo(901);
  }

  @Test
  void a_forged_packet_from_a_known_address_changes_nothing() throws InterruptedException {
    meet();
    for (int i = 0; i < COUNT; i++) {
      byte[] forged = alice.protect(audio(ALICE, 300 + i), false);
      forged[forged.length - 1] ^= 1;
      alice.sendRaw(forged);
    }
    awaitDrops(DropReason.SRTP_FORGED, COUNT);
    assertThat(talk(alice, ALICE, 400, bob)).isGreaterThanOrEqualTo(400);
  }

  @Test
  void garbage_of_every_kind_is_counted_and_media_goes_on() throws InterruptedException {
    meet();
    Random random = new Random(4711);
    Peer stranger = world.peer();
    stranger.aim(transport);
    long before = world.counted(Counter.PACKETS_RECEIVED);
    long answered = world.counted(Counter.STUN_CHECKS_ANSWERED);
    long sent = 0;
    for (int i = 0; i < GARBAGE; i++) {
      byte[] garbage = garbage(random);
      // From one who is known, whose SRTP and DTLS see it, and from one who is not.
      (i % 2 == 0 ? bob : stranger).sendRaw(garbage);
      sent++;
      if (sent % TOGETHER == 0) {
        long so = before + sent;
        await("so much has come", () -> world.counted(Counter.PACKETS_RECEIVED) >= so);
      }
    }
    long media = world.counted(Counter.RTP_PACKETS_RECEIVED);
    assertThat(talk(alice, ALICE, 1000, bob)).isGreaterThanOrEqualTo(1000);
    assertThat(talk(bob, BOB, 1000, alice)).isGreaterThanOrEqualTo(1000);
    assertThat(media).isLessThan(world.counted(Counter.RTP_PACKETS_RECEIVED));
    assertThat(world.counted(Counter.STUN_CHECKS_ANSWERED)).isEqualTo(answered);
    assertThat(world.dropped(DropReason.INTERNAL_FAULT)).isZero();
    assertThat(world.dropped(DropReason.SEND_FAILED)).isZero();
    Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    Arrays.stream(DropReason.values()).forEach(reason -> drops.put(reason, world.dropped(reason)));
    assertThat(drops.get(DropReason.STUN_REFUSED)).isPositive();
    assertThat(drops.get(DropReason.UNKNOWN_ADDRESS)).isPositive();
    assertThat(drops.get(DropReason.SRTP_FORGED)).isPositive();
    assertThat(drops.get(DropReason.TRUNCATED)).isPositive();
    assertThat(drops.get(DropReason.UNKNOWN_KIND)).isPositive();
    assertThat(world.failed()).isEmpty();
  }

  /** Random bytes under a first byte of each kind. */
  private static byte[] garbage(Random random) {
    byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(24) : random.nextInt(1500)];
    random.nextBytes(bytes);
    if (bytes.length > 1) {
      switch (random.nextInt(6)) {
        case 0 -> {
          bytes[0] = 0;
          bytes[1] = 1;
        }
        case 1 -> bytes[0] = (byte) (20 + random.nextInt(7));
        case 2 -> bytes[0] = (byte) 0x80;
        case 3 -> {
          bytes[0] = (byte) 0x81;
          bytes[1] = (byte) (200 + random.nextInt(8));
        }
        case 4 -> bytes[0] = (byte) (64 + random.nextInt(64));
        default -> {} // all of it random
      }
    }
    return bytes;
  }

  @Test
  void what_is_longer_than_any_packet_is_dropped() throws InterruptedException {
    meet();
    byte[] oversized = new byte[3000];
    oversized[0] = (byte) 0x80;
    alice.sendRaw(oversized);
    alice.sendRaw(oversized);
    awaitDrops(DropReason.OVERSIZED, 2);
    assertThat(talk(alice, ALICE, 1000, bob)).isGreaterThanOrEqualTo(1000);
  }

  @Test
  void an_empty_datagram_is_one_more_drop() throws InterruptedException {
    meet();
    alice.sendRaw(new byte[0]);
    alice.sendRaw(new byte[1]);
    assertThat(talk(alice, ALICE, 1000, bob)).isGreaterThanOrEqualTo(1000);
    assertThat(world.dropped(DropReason.INTERNAL_FAULT)).isZero();
  }

  @Test
  void a_check_of_an_agent_that_takes_the_controlled_role_gets_487() throws InterruptedException {
    meet();
    Peer carol = world.peer();
    LocalTransport hers = world.invite("c", "carol", carol, 3001);
    carol.aim(hers);
    carol.sendRaw(
        Checks.controlled(
            hers.credentials().ufrag(), hers.credentials().password(), "cfrg", new Random(1)));
    byte[] answer = carol.nextStun(20_000);
    assertThat(answer).startsWith(0x01, 0x11);
    assertThat(errorCode(answer)).isEqualTo(487);
    carol.connect(hers);
  }

  private static int errorCode(byte[] message) {
    int at = 20;
    while (at + 4 <= message.length) {
      int type = ByteBuffer.wrap(message).getShort(at);
      int length = ByteBuffer.wrap(message).getShort(at + 2);
      if (type == 0x0009) {
        return 100 * (message[at + 6] & 7) + (message[at + 7] & 0xff);
      }
      at += 4 + (length + 3) / 4 * 4;
    }
    return 0;
  }

  private void limitRates() {
    world.close();
    RelaySettings usual = RelaySettings.on(List.of(InetAddress.getLoopbackAddress()), 0, 1);
    world =
        new RelayWorld(
            new RelaySettings(
                usual.listenAddresses(),
                usual.firstPort(),
                usual.workers(),
                usual.publicAddress(),
                usual.stunServers(),
                usual.socketBufferBytes(),
                usual.queuedPackets(),
                usual.handshakes(),
                usual.conference(),
                usual.limits(),
                new TransportLimits(50, 1_000_000)));
  }

  @Test
  void what_one_endpoint_sends_above_its_rate_is_dropped_and_others_are_not_hurt()
      throws InterruptedException {
    limitRates();
    meet();
    for (int i = 0; i < 400; i++) {
      alice.sendRtp(audio(ALICE, 2000 + i));
    }
    await("drops", () -> world.dropped(DropReason.OVER_RATE) >= 200);
    assertThat(talk(bob, BOB, 1000, alice)).isGreaterThanOrEqualTo(1000);
  }

  @Test
  void dtls_garbage_of_an_endpoint_is_under_the_same_limit() throws InterruptedException {
    limitRates();
    meet();
    byte[] record = new byte[13 + 64];
    record[0] = 22;
    for (int i = 0; i < 400; i++) {
      bob.sendRaw(record);
    }
    await("drops", () -> world.dropped(DropReason.OVER_RATE) >= 200);
    assertThat(talk(alice, ALICE, 1000, bob)).isGreaterThanOrEqualTo(1000);
  }
}
