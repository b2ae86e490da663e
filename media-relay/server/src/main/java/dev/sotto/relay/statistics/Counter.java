package dev.sotto.relay.statistics;

import java.util.Locale;

/** What is counted besides drops. */
public enum Counter {
  PACKETS_RECEIVED,
  BYTES_RECEIVED,
  PACKETS_SENT,
  BYTES_SENT,
  /** System calls' worth of messages: several packets of one receiver leave as one. */
  MESSAGES_SENT,
  /** Buffers for packets to send; grows while the kernel takes less than is made. */
  SLABS_ALLOCATED,
  RTP_PACKETS_RECEIVED,
  RTP_PACKETS_FORWARDED,
  RETRANSMISSIONS_SENT,
  RETRANSMISSIONS_UNAVAILABLE,
  PADDING_SENT,
  NACKS_SENT,
  KEY_FRAMES_ASKED,
  STUN_CHECKS_ANSWERED,
  HANDSHAKES_STARTED,
  HANDSHAKES_ESTABLISHED,
  HANDSHAKES_FAILED,
  HANDSHAKES_DEFERRED,
  CONSENTS_LOST,
  SPEAKER_CHANGES;

  /** The name in metrics, such as {@code packets.received}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '.');
  }
}
