package dev.sotto.relay.worker;

import static dev.sotto.relay.testkit.RelayWorld.audio;
import static dev.sotto.relay.testkit.RelayWorld.await;
import static dev.sotto.relay.testkit.RelayWorld.talk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.media.dtls.DtlsRole;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.DtlsSetup;
import dev.sotto.relay.control.EndpointChange;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.control.Fingerprint;
import dev.sotto.relay.control.LocalTransport;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.DropReason;
import dev.sotto.relay.testkit.Logged;
import dev.sotto.relay.testkit.Peer;
import dev.sotto.relay.testkit.RelayWorld;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Endpoints from their first check to their last packet, over real sockets. */
class EndpointLifeTest {
  private static final int ALICE = 1001;
  private static final int BOB = 2001;
  private static final int CONSENT_SECONDS = 30;

  private RelayWorld world = new RelayWorld(1);
  private final Logged logged = new Logged();

  private LocalTransport transport;
  private Peer alice;
  private Peer bob;

  @AfterEach
  void stop() {
    logged.close();
    world.close();
    assertThat(logged.lines()).isEmpty();
  }

  private void meet() throws InterruptedException {
    world.create("c");
    alice = world.peer();
    transport = world.invite("c", "alice", alice, ALICE);
    alice.connect(transport);
    bob = world.join("c", "bob", BOB);
    assertThat(talk(alice, ALICE, 1, bob)).isPositive();
  }

  @Test
  void a_certificate_that_signalling_did_not_announce_gets_no_keys() throws Exception {
    world.create("c");
    Peer mallory = world.peer();
    Fingerprint ofAnother = world.peer().fingerprint();
    LocalTransport hers = world.invite("c", "mallory", ofAnother, DtlsSetup.ACTIVE, mallory, ALICE);
    mallory.check(hers);
    assertThat(mallory.isNominated()).isTrue();
    mallory.shakeHands(hers);
    await("the focus hears of it", () -> !world.failed().isEmpty());
    assertThat(world.failed().getFirst()).startsWith("mallory ");
    assertThat(world.counted(Counter.HANDSHAKES_ESTABLISHED)).isZero();
    assertThat(world.counted(Counter.HANDSHAKES_FAILED)).isPositive();
    mallory.sendRaw(audio(ALICE, 1));
    await("her media is not taken", () -> world.dropped(DropReason.NO_KEYS) > 0);
    assertThat(world.counted(Counter.RTP_PACKETS_RECEIVED)).isZero();
  }

  @Test
  void a_fingerprint_that_cannot_be_read_is_refused_and_nothing_has_changed() {
    world.create("c");
    Peer peer = world.peer();
    for (Fingerprint bad :
        List.of(new Fingerprint("md5", "00:11"), new Fingerprint("sha-256", "not:hex"))) {
      assertThatThrownBy(() -> world.invite("c", "x", bad, DtlsSetup.ACTIVE, peer, ALICE))
          .hasCauseInstanceOf(ControlException.class)
          .cause()
          .extracting(refusal -> ((ControlException) refusal).code())
          .isEqualTo(ErrorCode.BAD_REQUEST);
    }
    assertThat(world.invite("c", "x", peer, ALICE).candidates()).isNotEmpty();
  }

  @Test
  void media_follows_an_endpoint_to_another_address_in_mid_call() throws InterruptedException {
    meet();
    alice.roam();
    alice.sendRtp(audio(ALICE, 400));
    await("not before a check", () -> world.dropped(DropReason.UNKNOWN_ADDRESS) == 1);
    String path = "127.0.0.1:" + alice.address().getPort();
    alice.check(transport);
    await("media goes there", () -> world.describePaths("c").contains(path));
    assertThat(talk(alice, ALICE, 401, bob)).isGreaterThanOrEqualTo(401);
    assertThat(talk(bob, BOB, 1, alice)).isPositive();
  }

  @Test
  void an_ice_restart_interrupts_nothing() throws InterruptedException {
    meet();
    LocalTransport anew = world.restart("c", "alice", "anew", "anotherPasswordOfThePeer1");
    assertThat(anew.credentials()).isNotEqualTo(transport.credentials());
    // Between the restart and its first check media goes on both ways.
    assertThat(talk(alice, ALICE, 500, bob)).isEqualTo(500);
    assertThat(talk(bob, BOB, 1, alice)).isPositive();
    alice.roam();
    alice.check(anew);
    String path = "127.0.0.1:" + alice.address().getPort();
    await("the new address is nominated", () -> world.describePaths("c").contains(path));
    assertThat(talk(alice, ALICE, 600, bob)).isGreaterThanOrEqualTo(600);
    long refused = world.dropped(DropReason.STUN_REFUSED);
    alice.check(transport);
    await("the old credentials", () -> world.dropped(DropReason.STUN_REFUSED) > refused);
    assertThat(world.counted(Counter.HANDSHAKES_STARTED)).isEqualTo(2);
  }

  @Test
  void sending_stops_without_consent_and_goes_on_with_the_next_check() throws InterruptedException {
    meet();
    world.pass(CONSENT_SECONDS);
    world.poke("c");
    await("both are lost", () -> world.counted(Counter.CONSENTS_LOST) == 2);
    long sent = world.counted(Counter.PACKETS_SENT);
    long received = world.counted(Counter.RTP_PACKETS_RECEIVED);
    for (int i = 0; i < 20; i++) {
      alice.sendRtp(audio(ALICE, 800 + i));
    }
    await("it comes", () -> world.counted(Counter.RTP_PACKETS_RECEIVED) == received + 20);
    world.poke("c");
    assertThat(world.counted(Counter.PACKETS_SENT)).isEqualTo(sent);
    bob.aim(transport);
    bob.check(bobsTransport());
    assertThat(talk(alice, ALICE, 900, bob)).isGreaterThanOrEqualTo(900);
  }

  private LocalTransport bobsTransport() {
    return world.restart("c", "bob", "anew", "anotherPasswordOfThePeer2");
  }

  @Test
  void an_endpoint_that_is_expired_hears_goodbye_and_is_a_stranger_from_then_on()
      throws InterruptedException {
    meet();
    var _ = world.modify("c", new EndpointChange.Expire("bob"));
    assertThat(bob.isEnded()).isTrue();
    long goodbyes = world.dropped(DropReason.UNKNOWN_ADDRESS);
    bob.sendRtp(audio(BOB, 50));
    await("a stranger", () -> world.dropped(DropReason.UNKNOWN_ADDRESS) > goodbyes);
  }

  @Test
  void those_of_an_ended_conference_hear_goodbye_and_are_strangers() throws InterruptedException {
    meet();
    world.expire("c");
    assertThat(alice.isEnded()).isTrue();
    assertThat(bob.isEnded()).isTrue();
    long goodbyes = world.dropped(DropReason.UNKNOWN_ADDRESS);
    alice.sendRtp(audio(ALICE, 50));
    await("a stranger", () -> world.dropped(DropReason.UNKNOWN_ADDRESS) > goodbyes);
    long refused = world.dropped(DropReason.STUN_REFUSED);
    alice.check(transport);
    await("checks too", () -> world.dropped(DropReason.STUN_REFUSED) > refused);
  }

  @Test
  void the_relay_begins_the_handshake_when_the_endpoint_will_not() throws InterruptedException {
    world.create("c");
    joinPassively("alice", ALICE);
  }

  private void joinPassively(String id, int ssrc) throws InterruptedException {
    Peer peer = world.peer();
    LocalTransport its = world.invite("c", id, peer.fingerprint(), DtlsSetup.PASSIVE, peer, ssrc);
    peer.shakeHands(its, DtlsRole.PASSIVE);
    peer.check(its);
    assertThat(peer.awaitKeys()).isTrue();
  }

  @Test
  void half_open_handshakes_keep_nobody_out_for_long() throws InterruptedException {
    int places = 2;
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
                places,
                usual.conference(),
                usual.limits(),
                usual.transportLimits()));
    world.create("c");
    for (int i = 0; i < places; i++) {
      Peer silent = world.peer();
      LocalTransport its =
          world.invite(
              "c", "silent" + i, silent.fingerprint(), DtlsSetup.PASSIVE, silent, 5000 + i);
      silent.check(its);
      assertThat(silent.isNominated()).isTrue();
    }
    await("all places are taken", () -> world.relay().runningHandshakes() == places);

    // One whom the relay calls, who sends nothing until it does.
    Peer called = world.peer();
    LocalTransport its =
        world.invite("c", "called", called.fingerprint(), DtlsSetup.PASSIVE, called, ALICE);
    called.shakeHands(its, DtlsRole.PASSIVE);
    called.check(its);
    await("there is no place", () -> world.counted(Counter.HANDSHAKES_DEFERRED) > 0);
    assertThat(world.counted(Counter.HANDSHAKES_ESTABLISHED)).isZero();

    world.pass(5);
    world.poke("c");
    assertThat(called.awaitKeys()).isTrue();
    assertThat(world.failed()).isNotEmpty().allMatch(line -> line.startsWith("silent"));
  }

  @Test
  void an_address_belongs_to_who_talks_from_it_though_another_forges_it()
      throws InterruptedException {
    meet();
    // A check with Mallory's credentials, from Alice's address as a forger would send it.
    LocalTransport mallorys = world.invite("c", "mallory", world.peer(), 3001);
    alice.sendRtp(audio(ALICE, 200));
    long answered = world.counted(Counter.STUN_CHECKS_ANSWERED);
    alice.check(mallorys);
    await("it is answered", () -> world.counted(Counter.STUN_CHECKS_ANSWERED) > answered);
    alice.sendRtp(audio(ALICE, 201));
    assertThat(talk(alice, ALICE, 202, bob)).isPositive();
    assertThat(world.dropped(DropReason.NO_KEYS)).isZero();
  }

  @Test
  void an_address_goes_to_who_proves_it_when_its_owner_has_fallen_silent()
      throws InterruptedException {
    meet();
    world.pass(10);
    LocalTransport another = world.invite("c", "alice-again", alice, ALICE + 1);
    alice.check(another);
    alice.sendRtp(audio(ALICE, 300));
    await("it is the other's", () -> world.dropped(DropReason.NO_KEYS) > 0);
  }
}
