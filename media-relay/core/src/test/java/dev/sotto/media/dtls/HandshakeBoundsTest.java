package dev.sotto.media.dtls;

import static dev.sotto.media.dtls.Harness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A handshake keeps little of what it is sent")
class HandshakeBoundsTest {
  private final DatagramMailbox mailbox = new DatagramMailbox();

  @Test
  void a_mailbox_takes_few_datagrams() {
    for (int i = 0; i < DatagramMailbox.MAXIMUM_DATAGRAMS; i++) {
      assertThat(mailbox.offer(new byte[13])).isTrue();
    }
    assertThat(mailbox.offer(new byte[13])).isFalse();
    mailbox.poll();
    assertThat(mailbox.offer(new byte[13])).isTrue();
  }

  @Test
  void and_few_bytes() {
    for (int i = 0; i < 4; i++) {
      assertThat(mailbox.offer(new byte[4096])).isTrue();
    }
    assertThat(mailbox.offer(new byte[13])).isFalse();
    mailbox.poll();
    assertThat(mailbox.offer(new byte[4096])).isTrue();
  }

  @Test
  void a_mailbox_gives_datagrams_in_order_and_waits_no_longer_than_told()
      throws InterruptedException {
    mailbox.offer(new byte[13]);
    mailbox.offer(new byte[14]);

    assertThat(mailbox.await(1)).map(it -> it.length).contains(13);
    assertThat(mailbox.await(1)).map(it -> it.length).contains(14);
    assertThat(mailbox.await(1)).isEmpty();
  }

  @Test
  void a_closed_mailbox_keeps_and_takes_nothing() throws InterruptedException {
    mailbox.offer(new byte[13]);
    mailbox.close();

    assertThat(mailbox.offer(new byte[13])).isFalse();
    assertThat(mailbox.await(Long.MAX_VALUE)).isEqualTo(Optional.empty());
  }

  @Test
  void datagrams_that_are_no_records_or_too_long_are_not_taken() {
    DtlsHandshake handshake = new Harness(DtlsRole.PASSIVE).handshake;

    assertThat(offer(handshake, new byte[12])).isFalse();
    assertThat(offer(handshake, record(0))).isTrue();
    assertThat(offer(handshake, record(4083))).isTrue();
    assertThat(offer(handshake, record(4084))).isFalse();
    assertThat(offer(handshake, Arrays.copyOf(record(20), 32))).as("cut off").isFalse();
    assertThat(offer(handshake, Arrays.copyOf(record(20), 34))).as("with a rest").isFalse();
  }

  @Test
  void nor_are_those_of_a_version_that_does_not_exist() {
    DtlsHandshake handshake = new Harness(DtlsRole.PASSIVE).handshake;
    byte[] version10 = record(20);
    version10[2] = (byte) 0xff;
    byte[] unknown = record(20);
    unknown[2] = (byte) 0xfe;

    assertThat(offer(handshake, version10)).isTrue();
    assertThat(offer(handshake, unknown)).isFalse();
  }

  @Test
  void a_message_that_names_a_length_of_megabytes_is_not_taken() {
    DtlsHandshake handshake = new Harness(DtlsRole.PASSIVE).handshake;

    assertThat(offer(handshake, hello(16_384))).isTrue();
    assertThat(offer(handshake, hello(16_385))).isFalse();
    assertThat(offer(handshake, hello(0xffffff))).isFalse();
  }

  @Test
  void nor_when_it_hides_behind_another_message_or_record() {
    byte[] twoMessages = new byte[13 + 24];
    System.arraycopy(hello(100), 0, twoMessages, 0, 25);
    twoMessages[12] = 24;
    twoMessages[13 + 12 + 1] = (byte) 0xff;
    byte[] twoRecords = new byte[50];
    System.arraycopy(hello(100), 0, twoRecords, 0, 25);
    System.arraycopy(hello(0xffffff), 0, twoRecords, 25, 25);

    assertThat(InputGuard.admitsDatagram(twoMessages)).isFalse();
    assertThat(InputGuard.admitsDatagram(twoRecords)).isFalse();
  }

  @Test
  void an_encrypted_one_is_looked_at_when_it_is_decrypted() {
    byte[] encrypted = hello(0xffffff);
    encrypted[4] = 1;

    assertThat(InputGuard.admitsDatagram(encrypted)).isTrue();
    assertThat(InputGuard.admitsMessages(encrypted, 13, 12)).isFalse();
  }

  @Test
  void settings_that_make_no_sense_are_refused() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new DtlsSettings(Duration.ZERO, second, 1200))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DtlsSettings(second, second, 1200))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DtlsSettings(second, Duration.ofDays(25), 1200))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DtlsSettings(second, Duration.ofSeconds(2), 255))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DtlsSettings(second, Duration.ofSeconds(2), 4097))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void our_messages_are_fragmented_to_the_length_that_is_set() {
    Harness harness =
        new Harness(
            DtlsRole.ACTIVE,
            new DtlsSettings(Duration.ofMillis(20), Duration.ofSeconds(20), 256),
            List.of(Identity.EC.fingerprint()),
            Link.Faults.NONE,
            0);
    harness.toPeer.admitting(datagram -> {
      assertThat(datagram.length).isLessThanOrEqualTo(256);
      return true;
    });
    harness.run();

    await(harness.established);
  }

  private static boolean offer(DtlsHandshake handshake, byte[] datagram) {
    return handshake.offer(Harness.segment(datagram), 0, datagram.length);
  }

  /** A record of application data. */
  private static byte[] record(int bodyBytes) {
    byte[] record = new byte[13 + bodyBytes];
    record[0] = 23;
    record[1] = (byte) 0xfe;
    record[2] = (byte) 0xfd;
    record[11] = (byte) (bodyBytes >>> 8);
    record[12] = (byte) bodyBytes;
    return record;
  }

  /** An empty first fragment of a ClientHello. */
  private static byte[] hello(int messageBytes) {
    byte[] record = new byte[25];
    record[0] = 22;
    record[1] = (byte) 0xfe;
    record[2] = (byte) 0xfd;
    record[12] = 12;
    record[13] = 1;
    record[14] = (byte) (messageBytes >>> 16);
    record[15] = (byte) (messageBytes >>> 8);
    record[16] = (byte) messageBytes;
    return record;
  }
}
