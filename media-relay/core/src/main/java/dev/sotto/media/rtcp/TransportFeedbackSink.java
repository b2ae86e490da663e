package dev.sotto.media.rtcp;

/** Is told the fate of each packet that transport-wide feedback covers, in order of sending. */
@FunctionalInterface
public interface TransportFeedbackSink {
  /**
   * The fate of one packet.
   *
   * @param transportSequenceNumber 0 to 65535
   * @param arrivalMicros when it was received, by a clock of the receiver that starts anywhere, in
   *     steps of 250 us; meaningless for one that was not
   */
  void onPacket(int transportSequenceNumber, boolean received, long arrivalMicros);
}
