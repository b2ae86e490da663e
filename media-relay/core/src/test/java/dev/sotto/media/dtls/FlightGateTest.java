package dev.sotto.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What changes the epoch is read when all before it is there")
class FlightGateTest {
  private static final byte[] CERTIFICATE = message(11, 100, 0, 100);
  private static final byte[] KEY = message(16, 33, 0, 33);
  private static final byte[] VERIFY = message(15, 80, 0, 80);
  private static final byte[] CHANGE = record(20, 0, (byte) 1);
  private static final byte[] FINISHED = record(22, 1, new byte[48]);

  private final FlightGate server = new FlightGate(DtlsRole.PASSIVE);
  private final FlightGate client = new FlightGate(DtlsRole.ACTIVE);

  @Test
  void a_flight_in_order_passes_as_it_comes() {
    for (byte[] next : List.of(CERTIFICATE, KEY, VERIFY, CHANGE, FINISHED)) {
      assertThat(server.admit(next)).isEqualTo(next);
    }
    for (byte[] next : List.of(message(2, 70, 0, 70), CERTIFICATE, CHANGE, FINISHED)) {
      assertThat(client.admit(next)).isEqualTo(next);
    }
  }

  @Test
  void in_one_datagram_too() {
    byte[] all = join(CERTIFICATE, KEY, VERIFY, CHANGE, FINISHED);

    assertThat(server.admit(all)).isEqualTo(all);
  }

  @Test
  void a_server_reads_what_changes_the_epoch_after_what_it_has_overtaken() {
    assertThat(server.admit(CHANGE)).isEmpty();
    assertThat(server.admit(FINISHED)).isEmpty();
    assertThat(server.admit(VERIFY)).isEqualTo(VERIFY);
    assertThat(server.admit(join(KEY, CHANGE))).isEqualTo(KEY);
    assertThat(server.admit(CERTIFICATE)).isEqualTo(join(CERTIFICATE, CHANGE, FINISHED));
    assertThat(server.admit(CHANGE)).as("all passes from now on").isEqualTo(CHANGE);
  }

  @Test
  void a_client_reads_finished_after_the_change_that_it_has_overtaken() {
    assertThat(client.admit(FINISHED)).isEmpty();
    assertThat(client.admit(CHANGE)).isEqualTo(join(CHANGE, FINISHED));
  }

  @Test
  void a_message_in_fragments_counts_when_all_are_there() {
    server.admit(join(CERTIFICATE, KEY, CHANGE));
    server.admit(message(15, 80, 50, 30));
    server.admit(message(15, 80, 50, 30));
    byte[] rest = message(15, 80, 0, 60);

    assertThat(server.admit(CHANGE)).isEmpty();
    assertThat(server.admit(rest)).isEqualTo(join(rest, CHANGE));
  }

  @Test
  void a_fragment_beyond_its_message_or_record_does_not_count() {
    server.admit(join(CERTIFICATE, KEY));
    server.admit(message(15, 80, 10, 80));
    byte[] cutOff = VERIFY.clone();
    cutOff[12] = 40;
    server.admit(cutOff);

    assertThat(server.admit(CHANGE)).isEmpty();
  }

  @Test
  void a_change_that_is_not_one_byte_is_none() {
    assertThat(client.admit(record(20, 0, (byte) 1, (byte) 1))).isEmpty();
    assertThat(client.admit(FINISHED)).isEmpty();
  }

  @Test
  void little_is_withheld() {
    for (int i = 0; i < 1000; i++) {
      assertThat(server.admit(FINISHED)).isEmpty();
      assertThat(server.admit(CHANGE)).isEmpty();
    }
    byte[] rest = join(CERTIFICATE, KEY, VERIFY);

    assertThat(server.admit(rest).length)
        .isLessThanOrEqualTo(rest.length + FlightGate.MAXIMUM_HELD_BYTES);
  }

  private static byte[] message(int type, int messageBytes, int offset, int fragmentBytes) {
    byte[] body = new byte[12 + fragmentBytes];
    body[0] = (byte) type;
    body[3] = (byte) messageBytes;
    body[8] = (byte) offset;
    body[11] = (byte) fragmentBytes;
    return record(22, 0, body);
  }

  private static byte[] record(int type, int epoch, byte... body) {
    byte[] header = new byte[13];
    header[0] = (byte) type;
    header[1] = (byte) 0xfe;
    header[2] = (byte) 0xfd;
    header[4] = (byte) epoch;
    header[12] = (byte) body.length;
    return join(header, body);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
