package dev.sotto.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The epoch does not change before CertificateVerify is there")
class FlightGateTest {
  private static final int CERTIFICATE = 11;
  private static final int CERTIFICATE_VERIFY = 15;
  private static final byte[] CHANGE = record(20, 0, (byte) 1);
  private static final byte[] FINISHED = record(22, 1, new byte[48]);

  private final FlightGate gate = new FlightGate();

  @Test
  void a_flight_in_order_passes_as_it_comes() {
    byte[] verify = message(CERTIFICATE_VERIFY, 80, 0, 80);

    assertThat(gate.admit(message(CERTIFICATE, 100, 0, 100)))
        .isEqualTo(message(CERTIFICATE, 100, 0, 100));
    assertThat(gate.admit(verify)).isEqualTo(verify);
    assertThat(gate.admit(CHANGE)).isEqualTo(CHANGE);
    assertThat(gate.admit(FINISHED)).isEqualTo(FINISHED);
  }

  @Test
  void what_changes_the_epoch_follows_what_it_has_overtaken() {
    byte[] verify = message(CERTIFICATE_VERIFY, 80, 0, 80);

    assertThat(gate.admit(CHANGE)).isEmpty();
    assertThat(gate.admit(FINISHED)).isEmpty();
    assertThat(gate.admit(verify)).isEqualTo(join(verify, CHANGE, FINISHED));
    assertThat(gate.admit(CHANGE)).isEqualTo(CHANGE);
  }

  @Test
  void it_is_taken_out_of_a_datagram_with_several_records() {
    byte[] certificate = message(CERTIFICATE, 100, 0, 100);
    byte[] verify = message(CERTIFICATE_VERIFY, 80, 0, 80);

    assertThat(gate.admit(join(certificate, CHANGE, FINISHED))).isEqualTo(certificate);
    assertThat(gate.admit(join(certificate, verify, CHANGE, FINISHED)))
        .isEqualTo(join(certificate, verify, CHANGE, FINISHED, CHANGE, FINISHED));
  }

  @Test
  void a_certificate_verify_in_fragments_counts_when_all_are_there() {
    assertThat(gate.admit(CHANGE)).isEmpty();
    assertThat(gate.admit(message(CERTIFICATE_VERIFY, 80, 50, 30))).isNotEmpty();
    assertThat(gate.admit(message(CERTIFICATE_VERIFY, 80, 50, 30))).isNotEmpty();
    assertThat(gate.admit(CHANGE)).isEmpty();
    byte[] rest = message(CERTIFICATE_VERIFY, 80, 0, 60);

    assertThat(gate.admit(rest)).isEqualTo(join(rest, CHANGE, CHANGE));
  }

  @Test
  void a_fragment_beyond_its_message_or_record_does_not_count() {
    gate.admit(message(CERTIFICATE_VERIFY, 80, 10, 80));
    byte[] cutOff = message(CERTIFICATE_VERIFY, 80, 0, 80);
    cutOff[12] = 40;
    gate.admit(cutOff);

    assertThat(gate.admit(CHANGE)).isEmpty();
  }

  @Test
  void little_is_withheld() {
    for (int i = 0; i < 1000; i++) {
      assertThat(gate.admit(FINISHED)).isEmpty();
    }
    byte[] verify = message(CERTIFICATE_VERIFY, 80, 0, 80);

    assertThat(gate.admit(verify).length)
        .isLessThanOrEqualTo(verify.length + FlightGate.MAXIMUM_HELD_BYTES);
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
