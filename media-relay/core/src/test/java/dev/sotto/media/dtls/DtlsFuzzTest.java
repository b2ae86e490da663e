package dev.sotto.media.dtls;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;

/**
 * Datagrams from who need not be the endpoint, before and after a handshake. In the normal test run
 * the saved corpus is read once. Input is cut into datagrams: a byte for the length of each.
 */
@DisplayName("No datagram makes a handshake throw or ends an association")
class DtlsFuzzTest {
  private static final DtlsSettings SHORT =
      new DtlsSettings(Duration.ofMillis(1), Duration.ofMillis(20), 1200);

  private static final Harness PASSIVE = established(DtlsRole.PASSIVE);
  private static final Harness ACTIVE = established(DtlsRole.ACTIVE);

  @FuzzTest(maxDuration = "10m")
  void before_the_handshake_as_a_server(byte[] input) {
    endsOnce(DtlsRole.PASSIVE, input);
  }

  @FuzzTest(maxDuration = "10m")
  void before_the_handshake_as_a_client(byte[] input) {
    endsOnce(DtlsRole.ACTIVE, input);
  }

  @FuzzTest(maxDuration = "10m")
  void after_the_handshake(byte[] input) {
    for (Harness harness : List.of(PASSIVE, ACTIVE)) {
      cut(input, harness::deliver);
      require(harness.isOpen());
    }
  }

  /** One datagram through all that reads records and fragments before Bouncy Castle does. */
  @FuzzTest(maxDuration = "10m")
  void records(byte[] datagram) {
    boolean admitted = InputGuard.admitsDatagram(datagram);
    RecordCursor record = new RecordCursor(datagram);
    int end = 0;
    while (record.next()) {
      require(record.bodyOffset() == end + RecordCursor.HEADER_BYTES);
      end = record.bodyOffset() + record.bodyBytes();
      require(record.bodyBytes() >= 0 && end <= datagram.length);
      require(!admitted || record.hasKnownVersion());
      fragments(datagram, record, admitted);
    }
    require(record.isAtEnd() == (end == datagram.length));
    require(!admitted || record.isAtEnd());
    for (DtlsRole role : DtlsRole.values()) {
      FlightGate gate = new FlightGate(role);
      require(gate.admit(datagram).length <= datagram.length);
      require(gate.admit(datagram).length <= 2 * datagram.length + FlightGate.MAXIMUM_HELD_BYTES);
    }
  }

  private static void fragments(byte[] datagram, RecordCursor record, boolean admitted) {
    FragmentCursor fragment = new FragmentCursor(datagram, record.bodyOffset(), record.bodyBytes());
    int left = record.bodyBytes();
    while (fragment.next()) {
      left -= FragmentCursor.HEADER_BYTES + fragment.fragmentBytes();
      require(!fragment.isWhole() || left >= 0);
      boolean bounded = fragment.messageBytes() <= InputGuard.MAXIMUM_MESSAGE_BYTES;
      require(bounded || !admitted || !record.isPlainHandshake());
    }
  }

  /** The handshake runs on this thread, so that it cannot throw unseen. */
  private static void endsOnce(DtlsRole role, byte[] input) {
    List<Fingerprint> expected = List.of(Identity.EC.fingerprint());
    Harness harness = new Harness(role, SHORT, expected, Link.Faults.NONE, 0);
    cut(input, harness::deliver);
    harness.handshake.run();
    require(harness.failed.isDone() && harness.ends() == 1);
  }

  private static Harness established(DtlsRole role) {
    Harness harness = new Harness(role).run();
    Harness.await(harness.established);
    return harness;
  }

  private static void cut(byte[] input, Consumer<byte[]> datagrams) {
    int at = 0;
    while (at < input.length) {
      int end = Math.min(input.length, at + 1 + (input[at] & 0xff));
      datagrams.accept(Arrays.copyOfRange(input, at + 1, end));
      at = end;
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("an invariant of DTLS does not hold");
    }
  }
}
