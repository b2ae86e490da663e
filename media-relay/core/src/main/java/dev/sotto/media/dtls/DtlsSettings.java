package dev.sotto.media.dtls;

import java.time.Duration;

/**
 * How a handshake deals with a lossy path.
 *
 * @param firstResend after which silence the last flight is sent again; each further wait is twice
 *     as long, which is Bouncy Castle's to decide
 * @param deadline after which the handshake has failed
 * @param maximumSendBytes the longest datagram; longer messages are fragmented
 */
public record DtlsSettings(Duration firstResend, Duration deadline, int maximumSendBytes) {
  /**
   * RFC 6347 section 4.2.4.1 begins at a second for lack of knowledge; media paths of more than 300
   * ms round trip are no use for calls. With doubling, six flights fit into the deadline, so that
   * at 10 % loss one handshake in a million fails. 1200 bytes is what WebRTC takes any path to
   * carry.
   */
  public static final DtlsSettings DEFAULT =
      new DtlsSettings(Duration.ofMillis(300), Duration.ofSeconds(20), 1200);

  /** Below, the headers of records and messages would leave little for the message itself. */
  private static final int LEAST_SEND_BYTES = 256;

  /**
   * @throws IllegalArgumentException when a duration is no positive number of milliseconds that
   *     fits 31 bits, the first resend is not before the deadline, or datagrams are too short or
   *     longer than a mailbox takes
   */
  public DtlsSettings {
    if (firstResend.toMillis() < 1
        || deadline.compareTo(firstResend) <= 0
        || deadline.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a first resend after " + firstResend + " does not go with a deadline of " + deadline);
    }
    if (maximumSendBytes < LEAST_SEND_BYTES
        || maximumSendBytes > DatagramMailbox.MAXIMUM_DATAGRAM_BYTES) {
      throw new IllegalArgumentException("cannot send datagrams of " + maximumSendBytes + " bytes");
    }
  }
}
