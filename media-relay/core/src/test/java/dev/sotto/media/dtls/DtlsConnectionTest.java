package dev.sotto.media.dtls;

import static dev.sotto.media.dtls.Harness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.tls.DTLSTransport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("After the handshake the association is the event loop's")
class DtlsConnectionTest {
  @ParameterizedTest
  @EnumSource
  void an_endpoint_that_says_goodbye_ends_it(DtlsRole role) throws IOException {
    Harness harness = new Harness(role).run();
    await(harness.established);
    DTLSTransport peer = await(harness.peerEstablished);

    peer.close();

    assertThat(harness.isOpen()).isFalse();
  }

  @Test
  void the_relay_says_goodbye_once() {
    Harness harness = new Harness(DtlsRole.PASSIVE).run();
    await(harness.established);
    await(harness.peerEstablished);
    harness.peer.inbox.clear();

    harness.close();
    harness.close();

    assertThat(harness.peer.inbox).hasSize(1);
    assertThat(harness.isOpen()).isFalse();
    assertThatThrownBy(harness::keys).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void keys_are_handed_out_once_and_wiped() {
    Harness harness = new Harness(DtlsRole.PASSIVE).run();
    await(harness.established);

    SrtpKeys keys = harness.keys();
    assertThatThrownBy(harness::keys).isInstanceOf(IllegalStateException.class);
    assertThat(keys.localKey()).isNotEqualTo(new byte[16]);
    keys.close();

    assertThat(keys.localKey()).containsOnly(0);
    assertThat(keys.localSalt()).containsOnly(0);
    assertThat(keys.remoteKey()).containsOnly(0);
    assertThat(keys.remoteSalt()).containsOnly(0);
  }

  @Test
  void application_data_is_dropped() throws IOException {
    Harness harness = new Harness(DtlsRole.PASSIVE).run();
    await(harness.established);
    DTLSTransport peer = await(harness.peerEstablished);

    peer.send(new byte[100], 0, 100);
    peer.send(new byte[1], 0, 1);
    harness.toUs.admitting(datagram -> {
      harness.deliver(twice(datagram));
      return false;
    });
    peer.send(new byte[100], 0, 100);
    harness.toUs.admitting(_ -> true);

    assertThat(harness.isOpen()).isTrue();
    peer.close();
    assertThat(harness.isOpen()).as("what follows is still read").isFalse();
  }

  /** A fatal alert in clear, and encrypted records of every length that cannot be right. */
  @ParameterizedTest
  @ValueSource(ints = {20, 21, 22, 23, 24, 25})
  void forged_records_change_nothing(int contentType) {
    for (DtlsRole role : DtlsRole.values()) {
      Harness harness = new Harness(role).run();
      await(harness.established);
      await(harness.peerEstablished);
      harness.peer.inbox.clear();

      byte[] unknownVersion = record(contentType, 0, 999, 20);
      unknownVersion[2] = (byte) 0xfe;
      harness.deliver(unknownVersion);
      for (int epoch = 0; epoch < 3; epoch++) {
        for (int length = 0; length < 64; length++) {
          harness.deliver(record(contentType, epoch, 1000 + length, length));
        }
      }

      assertThat(harness.isOpen()).isTrue();
      assertThat(harness.peer.inbox).as("nor is anything answered").isEmpty();
    }
  }

  @Test
  void a_recorded_handshake_that_is_replayed_is_not_answered() {
    Harness harness = new Harness(DtlsRole.PASSIVE);
    List<byte[]> recorded = Collections.synchronizedList(new ArrayList<>());
    harness.toUs.admitting(recorded::add);
    harness.run();
    await(harness.established);
    await(harness.peerEstablished);
    harness.peer.inbox.clear();

    List.copyOf(recorded).forEach(harness::deliver);

    assertThat(harness.isOpen()).isTrue();
    assertThat(harness.peer.inbox).isEmpty();
  }

  @Test
  void what_comes_in_one_datagram_with_finished_is_read_and_does_no_harm() {
    Harness harness = new Harness(DtlsRole.PASSIVE);
    byte[] more = record(23, 1, 1000, 255);
    harness.toUs.admitting(datagram -> {
      boolean isFinished = datagram[4] == 1;
      if (isFinished) {
        byte[] both = Arrays.copyOf(datagram, datagram.length + more.length);
        System.arraycopy(more, 0, both, datagram.length, more.length);
        harness.deliver(both);
      }
      return !isFinished;
    });
    harness.run();
    await(harness.established);

    harness.deliver(record(23, 1, 1001, 30));

    assertThat(harness.isOpen()).isTrue();
  }

  @Test
  void what_cannot_be_a_record_is_not_read() {
    Harness harness = new Harness(DtlsRole.PASSIVE).run();
    await(harness.established);

    harness.deliver(new byte[0]);
    harness.deliver(new byte[12]);
    harness.deliver(new byte[5000]);

    assertThat(harness.isOpen()).isTrue();
  }

  private static byte[] twice(byte[] datagram) {
    byte[] both = Arrays.copyOf(datagram, 2 * datagram.length);
    System.arraycopy(datagram, 0, both, datagram.length, datagram.length);
    return both;
  }

  private static byte[] record(int contentType, int epoch, int sequence, int length) {
    byte[] record = new byte[13 + length];
    record[0] = (byte) contentType;
    record[1] = (byte) 0xfe;
    record[2] = (byte) 0xfd;
    record[4] = (byte) epoch;
    record[9] = (byte) (sequence >>> 8);
    record[10] = (byte) sequence;
    record[12] = (byte) length;
    if (length > 1) {
      record[13] = 2; // of an alert: fatal
    }
    return record;
  }
}
