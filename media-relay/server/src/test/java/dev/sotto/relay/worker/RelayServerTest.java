package dev.sotto.relay.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.EndpointChange;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.statistics.DropReason;
import dev.sotto.relay.testkit.Peer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole relay over real sockets. */
@Timeout(120)
class RelayServerTest {
  private static final int FIRST = 1;
  private static final int SECOND = 2;

  private final Members members = new Members();

  @AfterEach
  void stop() {
    members.close();
  }

  @Test
  void what_one_sends_the_others_get() throws InterruptedException {
    members.create("c");
    Peer alice = members.join("c", "alice");
    Peer bob = members.join("c", "bob");
    Peer carol = members.join("c", "carol");

    alice.sendRtp(Members.sound(FIRST, 1));

    for (Peer peer : List.of(bob, carol)) {
      byte[] got = heard(peer);
      assertThat(ByteBuffer.wrap(got).getInt(8)).isEqualTo(1000 + FIRST);
      assertThat(got).endsWith(new byte[] {1, 1, 1, 1});
    }
    assertThat(alice.nextRtp(1)).isEmpty();
  }

  @Test
  void two_conferences_hear_nothing_of_each_other() throws InterruptedException {
    members.create("c");
    members.create("d");
    Peer alice = members.join("c", "alice");
    Peer bob = members.join("d", "bob");
    Peer carol = members.join("c", "carol");

    alice.sendRtp(Members.sound(FIRST, 1));

    assertThat(heard(carol)).isNotEmpty();
    assertThat(bob.nextRtp(1)).isEmpty();
  }

  @Test
  void media_follows_who_nominates_from_another_address_in_mid_call() throws InterruptedException {
    members.create("c");
    Peer alice = members.join("c", "alice");
    Peer bob = members.join("c", "bob");
    alice.sendRtp(Members.sound(FIRST, 1));
    assertThat(heard(bob)).isNotEmpty();

    bob.roam();
    bob.check(members.transport("bob"));
    int sequence = 1;
    byte[] got = new byte[0];
    while (got.length == 0) {
      alice.sendRtp(Members.sound(FIRST, ++sequence));
      got = bob.nextRtp(100);
    }

    bob.sendRtp(Members.sound(SECOND, 1));
    assertThat(heard(alice)).isNotEmpty();
  }

  @Test
  void an_ice_restart_leaves_no_gap_in_media() throws InterruptedException {
    members.create("c");
    Peer alice = members.join("c", "alice");
    Peer bob = members.join("c", "bob");
    for (int sequence = 1; sequence <= 60; sequence++) {
      if (sequence == 20) {
        members.restartIce("c", "bob");
      } else if (sequence == 40) {
        bob.check(members.transport("bob"));
      }
      alice.sendRtp(Members.sound(FIRST, sequence));
      byte[] got = heard(bob);
      assertThat(got[got.length - 1]).isEqualTo((byte) sequence);
    }
  }

  @Test
  void who_shows_another_certificate_than_announced_gets_no_keys() throws InterruptedException {
    members.create("c");
    Peer alice = members.join("c", "alice");
    Peer mallory = members.invite("c", "mallory", Optional.of(alice.fingerprint()));

    mallory.begin(members.transport("mallory"));

    assertThat(members.nextFailure()).startsWith("mallory FINGERPRINT_MISMATCH");
    assertThat(mallory.isConnected()).isFalse();
    alice.sendRtp(Members.sound(FIRST, 1));
    assertThat(mallory.nextRtp(1)).isEmpty();
  }

  @Test
  void garbage_strangers_and_replays_are_counted_and_change_nothing() throws InterruptedException {
    members.create("c");
    Peer alice = members.join("c", "alice");
    Peer bob = members.join("c", "bob");
    Random random = new Random(7);
    for (int first : new int[] {0, 20, 22, 64, 128, 144, 255}) {
      byte[] garbage = new byte[200];
      random.nextBytes(garbage);
      garbage[0] = (byte) first;
      alice.sendRaw(garbage);
      alice.sendRaw(new byte[] {(byte) first});
    }
    byte[] control = new byte[60];
    random.nextBytes(control);
    control[0] = (byte) 0x80;
    control[1] = (byte) 200;
    alice.sendRaw(control);
    members.awaitDrops(DropReason.SRTP_FORGED, count -> count >= 2);
    members.awaitDrops(DropReason.TRUNCATED, count -> count >= 5);
    members.awaitDrops(DropReason.UNKNOWN_KIND, count -> count >= 2);

    alice.sendAgain(Members.sound(FIRST, 1), 3);
    members.awaitDrops(DropReason.SRTP_REPLAYED, count -> count == 2);
    Peer stranger = members.invite("c", "stranger", Optional.empty());
    stranger.aim(members.transport("alice"));
    stranger.sendRaw(Members.sound(FIRST, 2));
    members.awaitDrops(DropReason.UNKNOWN_ADDRESS, count -> count == 1);

    assertThat(heard(bob)).isNotEmpty();
    alice.sendRtp(Members.sound(FIRST, 3));
    byte[] next = heard(bob);
    assertThat(next[next.length - 1]).as("nothing but what Alice sent").isEqualTo((byte) 3);
  }

  @Test
  void who_is_muted_by_the_focus_is_not_heard() throws InterruptedException {
    members.create("c");
    Peer alice = members.join("c", "alice");
    Peer bob = members.join("c", "bob");

    members.mute("c", "alice");
    alice.sendRtp(Members.sound(FIRST, 1));

    members.awaitDrops(DropReason.FORCE_MUTED, count -> count == 1);
    bob.sendRtp(Members.sound(SECOND, 1));
    assertThat(heard(alice)).isNotEmpty();
    assertThat(bob.nextRtp(1)).isEmpty();
  }

  @Test
  void who_has_left_is_a_stranger() throws InterruptedException {
    members.create("c");
    Peer alice = members.join("c", "alice");
    Peer bob = members.join("c", "bob");

    members.modify("c", new EndpointChange.Expire("alice"));
    alice.sendRtp(Members.sound(FIRST, 1));

    // Her answer to the relay's goodbye, and the packet.
    members.awaitDrops(DropReason.UNKNOWN_ADDRESS, count -> count == 2);
    assertThat(bob.nextRtp(1)).isEmpty();
  }

  @Test
  void a_relay_that_drains_takes_no_new_conferences_and_waits_for_the_last_to_end()
      throws InterruptedException {
    members.create("c");
    Thread drain =
        Thread.ofVirtual()
            .start(() -> {
              try {
                members.relay.drain(Duration.ofMinutes(1));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    while (!members.relay.isDraining()) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> members.create("d"))
        .hasCauseInstanceOf(ControlException.class)
        .extracting(thrown -> ((ControlException) thrown.getCause()).code())
        .isEqualTo(ErrorCode.DRAINING);
    assertThat(drain.join(Duration.ofMillis(1))).isFalse();

    members.expire("c");

    assertThat(drain.join(Duration.ofMillis(Members.PATIENCE_MILLIS))).isTrue();
    assertThat(members.relay.conferenceIds()).isEmpty();
  }

  private static byte[] heard(Peer peer) throws InterruptedException {
    byte[] packet = peer.nextRtp(Members.PATIENCE_MILLIS);
    assertThat(packet).as("a packet in time").isNotEmpty();
    return packet;
  }
}
