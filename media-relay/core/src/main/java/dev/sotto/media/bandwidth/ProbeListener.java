package dev.sotto.media.bandwidth;

/** Takes probes that the estimator wants sent: a pacer. */
@FunctionalInterface
public interface ProbeListener {
  /**
   * Sends packets at a rate for a moment, filled up with padding where media is short. Every packet
   * of it is then reported to {@link GoogleCongestionControl#onPacketSent} with the cluster's id.
   *
   * @param clusterId above 0, another one for each probe
   * @param rateBps the rate of the probe in bits a second
   * @param minBytes at least so many bytes
   * @param minPackets in at least so many packets
   */
  void onProbe(int clusterId, long rateBps, int minBytes, int minPackets);
}
