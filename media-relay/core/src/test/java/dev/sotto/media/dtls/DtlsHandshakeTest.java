package dev.sotto.media.dtls;

import static dev.sotto.media.dtls.Harness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("DTLS-SRTP handshakes end with equal keys or a clear reason")
class DtlsHandshakeTest {
  private static final Link.Faults BAD_PATH = new Link.Faults(0.1, 0.1, 0.1);

  @ParameterizedTest
  @EnumSource
  void rfc_5764_section_4_2_both_sides_have_the_same_keys(DtlsRole role) {
    Harness harness = new Harness(role);
    harness.options.profiles = new int[] {0x0007};
    harness.run();

    await(harness.established);
    await(harness.peerEstablished);

    assertKeysOfBothSidesAreEqual(harness, role);
    assertThat(harness.ends()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void an_endpoint_with_an_rsa_key_is_taken_too(DtlsRole role) {
    List<Fingerprint> expected = List.of(Identity.RSA.fingerprint());
    Harness harness = new Harness(role, Harness.QUICK, expected, Link.Faults.NONE, 0);
    harness.options.identity = Identity.RSA;
    harness.run();

    await(harness.established);
    await(harness.peerEstablished);

    assertKeysOfBothSidesAreEqual(harness, role);
  }

  @ParameterizedTest
  @CsvSource({
    "ACTIVE, 1", "ACTIVE, 2", "ACTIVE, 3", "ACTIVE, 4", "ACTIVE, 5", "ACTIVE, 6", "ACTIVE, 7",
    "PASSIVE, 1", "PASSIVE, 2", "PASSIVE, 3", "PASSIVE, 4", "PASSIVE, 5", "PASSIVE, 6", "PASSIVE, 7"
  })
  void a_path_that_loses_doubles_and_reorders_only_delays_it(DtlsRole role, long seed) {
    Harness harness =
        new Harness(role, Harness.QUICK, List.of(Identity.EC.fingerprint()), BAD_PATH, seed);
    harness.options.resendMillis = 20;
    harness.options.profiles = new int[] {0x0007};
    harness.options.sendBytes = 400;
    harness.run();

    await(harness.established);
    await(harness.peerEstablished);

    assertKeysOfBothSidesAreEqual(harness, role);
  }

  @Test
  void rfc_6347_section_4_2_4_a_lost_last_flight_is_sent_again_after_the_handshake() {
    Harness harness = new Harness(DtlsRole.PASSIVE);
    harness.options.resendMillis = 20;
    harness.toPeer.admitting(datagram -> !isEncrypted(datagram) || harness.established.isDone());
    harness.run();

    await(harness.established);
    await(harness.peerEstablished);

    assertThat(harness.isOpen()).isTrue();
  }

  @Test
  void a_certificate_verify_that_is_lost_once_does_not_end_in_a_dead_end() {
    Harness harness = new Harness(DtlsRole.PASSIVE);
    harness.options.resendMillis = 20;
    AtomicBoolean lost = new AtomicBoolean();
    harness.toUs.admitting(datagram -> !isCertificateVerify(datagram) || lost.getAndSet(true));
    harness.run();

    await(harness.established);
    await(harness.peerEstablished);
  }

  @Test
  void a_hello_in_two_fragments_as_a_browser_sends_it_is_put_together_in_either_order()
      throws InterruptedException {
    Harness harness = new Harness(DtlsRole.PASSIVE);
    harness.options.paddingBytes = 1250;
    BlockingQueue<byte[]> hello = new ArrayBlockingQueue<>(2);
    harness.toUs.admitting(datagram -> !hello.offer(datagram));
    harness.runPeer();
    byte[] first = take(hello);
    byte[] second = take(hello);
    assertThat(first.length + second.length).isGreaterThan(1413);
    harness.toUs.admitting(_ -> true);

    harness.deliver(second);
    harness.deliver(first);
    harness.runOurs();

    await(harness.established);
    await(harness.peerEstablished);
  }

  @ParameterizedTest
  @EnumSource
  void a_certificate_that_signalling_did_not_announce_is_refused(DtlsRole role) {
    Harness harness =
        new Harness(role, Harness.QUICK, List.of(Harness.OURS.fingerprint()), Link.Faults.NONE, 0);
    harness.run();

    assertThat(await(harness.failed).reason()).isEqualTo(DtlsFailure.Reason.FINGERPRINT_MISMATCH);
    assertThat(await(harness.peerFailed))
        .isInstanceOfSatisfying(
            TlsFatalAlertReceived.class,
            alert ->
                assertThat(alert.getAlertDescription())
                    .isEqualTo(AlertDescription.bad_certificate));
    assertThat(harness.ends()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void any_of_the_announced_fingerprints_of_the_strongest_function_will_do(Fingerprint.Hash hash) {
    List<Fingerprint> announced =
        List.of(
            Fingerprint.of(hash, Harness.OURS.encoded()),
            Fingerprint.of(hash, Identity.EC.encoded()));
    Harness harness =
        new Harness(DtlsRole.PASSIVE, Harness.QUICK, announced, Link.Faults.NONE, 0).run();

    await(harness.established);
  }

  @Test
  void a_client_without_certificate_is_refused() {
    Harness harness = new Harness(DtlsRole.PASSIVE);
    harness.options.showsCertificate = false;
    harness.run();

    assertThat(await(harness.failed).reason()).isEqualTo(DtlsFailure.Reason.NO_CERTIFICATE);
    await(harness.peerFailed);
  }

  @Test
  void a_handshake_without_a_fingerprint_to_expect_is_not_made() {
    assertThatThrownBy(
            () -> new Harness(DtlsRole.PASSIVE, Harness.QUICK, List.of(), Link.Faults.NONE, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"1;8;7, 7", "7;8;1, 7", "1;8, 8", "8, 8", "1, 1", "2;1, 1", "2;5;6;7, 7"})
  void rfc_5764_section_4_1_the_relay_selects_what_it_likes_best(String offered, int selected) {
    Harness harness = new Harness(DtlsRole.PASSIVE);
    harness.options.profiles = profiles(offered);
    harness.run();

    await(harness.established);
    await(harness.peerEstablished);

    assertThat(harness.peer.selectedProfile).contains(selected);
    assertKeysOfBothSidesAreEqual(harness, DtlsRole.PASSIVE);
  }

  @ParameterizedTest
  @CsvSource({"7", "8", "1"})
  void rfc_5764_section_4_1_as_a_client_it_takes_any_of_its_own(int selected) {
    Harness harness = new Harness(DtlsRole.ACTIVE);
    harness.options.profiles = new int[] {selected};
    harness.run();

    await(harness.established);
    await(harness.peerEstablished);

    assertKeysOfBothSidesAreEqual(harness, DtlsRole.ACTIVE);
  }

  @ParameterizedTest
  @CsvSource({"PASSIVE, 2;5", "PASSIVE, ''", "ACTIVE, 2", "ACTIVE, ''", "ACTIVE, 7;8"})
  void without_a_common_profile_there_is_a_reason(DtlsRole role, String theirs) {
    Harness harness = new Harness(role);
    harness.options.profiles = profiles(theirs);
    harness.run();

    assertThat(await(harness.failed).reason()).isEqualTo(DtlsFailure.Reason.NO_COMMON_SRTP_PROFILE);
    await(harness.peerFailed);
  }

  @Test
  void rfc_5764_section_4_1_3_a_server_that_makes_up_an_mki_is_refused() {
    Harness harness = new Harness(DtlsRole.ACTIVE);
    harness.options.profiles = new int[] {7};
    harness.options.mki = new byte[] {1};
    harness.run();

    assertThat(await(harness.failed).reason()).isEqualTo(DtlsFailure.Reason.NO_COMMON_SRTP_PROFILE);
  }

  @Test
  void a_client_that_asks_for_a_ticket_gets_none_and_nothing_to_resume() {
    Harness harness = new Harness(DtlsRole.PASSIVE);
    harness.options.asksForTicket = true;
    harness.run();

    await(harness.established);
    await(harness.peerEstablished);

    assertThat(harness.peer.gotTicketExtension).contains(false);
    assertThat(harness.peer.gotSessionId).contains(false);
  }

  @ParameterizedTest
  @EnumSource
  void rfc_7627_section_5_4_without_extended_master_secret_there_are_no_keys(DtlsRole role) {
    Harness harness = new Harness(role);
    harness.options.extendedMasterSecret = false;
    harness.run();

    assertThat(await(harness.failed).reason()).isEqualTo(DtlsFailure.Reason.PROTOCOL_ERROR);
  }

  @ParameterizedTest
  @EnumSource
  void a_peer_that_says_nothing_is_given_up_at_the_deadline(DtlsRole role) {
    DtlsSettings settings = new DtlsSettings(Duration.ofMillis(20), Duration.ofMillis(200), 1200);
    List<Fingerprint> expected = List.of(Identity.EC.fingerprint());
    Harness harness = new Harness(role, settings, expected, Link.Faults.NONE, 0).runOurs();

    assertThat(await(harness.failed).reason()).isEqualTo(DtlsFailure.Reason.TIMED_OUT);
    assertThat(harness.handshake.offer(Harness.segment(new byte[20]), 0, 20))
        .as("its mailbox is closed")
        .isFalse();
    if (role == DtlsRole.ACTIVE) {
      assertThat(harness.peer.inbox)
          .as("sent after 0, 20, 60, 140 and 200 ms")
          .hasSizeBetween(4, 5);
    } else {
      assertThat(harness.peer.inbox).as("nothing to who has said nothing").isEmpty();
    }
  }

  @Test
  void a_handshake_that_is_cancelled_ends_at_once() {
    Harness harness = new Harness(DtlsRole.PASSIVE).runOurs();

    harness.handshake.cancel();

    assertThat(await(harness.failed).reason()).isEqualTo(DtlsFailure.Reason.CANCELLED);
  }

  @Test
  void one_that_is_cancelled_before_it_runs_ends_when_it_does() {
    Harness harness = new Harness(DtlsRole.PASSIVE);
    harness.handshake.cancel();

    harness.runOurs();

    assertThat(await(harness.failed).reason()).isEqualTo(DtlsFailure.Reason.CANCELLED);
  }

  @Test
  void a_thread_that_is_interrupted_gives_up() {
    Harness harness = new Harness(DtlsRole.PASSIVE);
    Thread thread = Thread.ofVirtual().start(harness.handshake);

    thread.interrupt();

    assertThat(await(harness.failed).reason()).isEqualTo(DtlsFailure.Reason.CANCELLED);
  }

  @Test
  void a_peer_that_refuses_is_named_with_its_alert() {
    Harness harness = new Harness(DtlsRole.PASSIVE).runOurs();
    byte[] alert = {21, (byte) 0xfe, (byte) 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 42};

    harness.deliver(alert);

    assertThat(await(harness.failed))
        .isEqualTo(new DtlsFailure(DtlsFailure.Reason.REFUSED_BY_PEER, "bad_certificate"));
  }

  @Test
  void garbage_before_and_between_flights_changes_nothing() {
    Harness harness = new Harness(DtlsRole.PASSIVE);
    for (int i = 0; i < 4; i++) {
      byte[] garbage = new byte[40];
      Arrays.fill(garbage, (byte) (20 + i));
      harness.deliver(garbage);
    }
    harness.run();

    await(harness.established);
    await(harness.peerEstablished);
  }

  private static void assertKeysOfBothSidesAreEqual(Harness harness, DtlsRole role) {
    SrtpKeys ours = harness.keys();
    int selected = harness.peer.selectedProfile.orElseThrow();
    assertThat(ours.profile().id()).isEqualTo(selected);
    byte[] material = harness.peer.material.orElseThrow();
    int key = ours.profile().keyBytes();
    int salt = ours.profile().saltBytes();
    byte[] client = Arrays.copyOfRange(material, 0, key);
    byte[] server = Arrays.copyOfRange(material, key, 2 * key);
    byte[] clientSalt = Arrays.copyOfRange(material, 2 * key, 2 * key + salt);
    byte[] serverSalt = Arrays.copyOfRange(material, 2 * key + salt, 2 * (key + salt));
    boolean isClient = role == DtlsRole.ACTIVE;
    assertThat(ours.localKey()).isEqualTo(isClient ? client : server);
    assertThat(ours.remoteKey()).isEqualTo(isClient ? server : client);
    assertThat(ours.localSalt()).isEqualTo(isClient ? clientSalt : serverSalt);
    assertThat(ours.remoteSalt()).isEqualTo(isClient ? serverSalt : clientSalt);
    assertThat(ours.localKey()).isNotEqualTo(ours.remoteKey());
  }

  private static byte[] take(BlockingQueue<byte[]> queue) throws InterruptedException {
    return Optional.ofNullable(queue.poll(20, TimeUnit.SECONDS)).orElseThrow();
  }

  private static boolean isCertificateVerify(byte[] datagram) {
    return datagram[0] == 22 && !isEncrypted(datagram) && datagram[13] == 15;
  }

  private static boolean isEncrypted(byte[] datagram) {
    return datagram[4] != 0;
  }

  private static int[] profiles(String codes) {
    return codes.isEmpty()
        ? new int[0]
        : Arrays.stream(codes.split(";")).mapToInt(Integer::parseInt).toArray();
  }
}
