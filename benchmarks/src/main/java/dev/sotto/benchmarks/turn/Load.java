package dev.sotto.benchmarks.turn;

import java.time.Duration;
import java.util.Locale;

/**
 * One load on a server: so many clients, each with an allocation and a peer that it exchanges
 * payloads with.
 *
 * @param peers who the peers are
 * @param packetsPerSecond relayed packets offered a second, both directions together
 */
record Load(
    Peers peers,
    Framing framing,
    Transport transport,
    int payloadBytes,
    int clients,
    int packetsPerSecond,
    Duration duration) {

  /** Whom clients talk to. */
  enum Peers {
    /** Sockets elsewhere: a payload is relayed once. */
    OUTSIDE(""),
    /** Each other, in pairs: a payload is relayed to the one's relayed address by the other's. */
    CLIENTS(", in pairs");

    private final String label;

    Peers(String label) {
      this.label = label;
    }
  }

  /** How data travels between client and server (RFC 8656 sections 11 and 12). */
  enum Framing {
    CHANNEL_DATA("ChannelData"),
    SEND("Send");

    private final String label;

    Framing(String label) {
      this.label = label;
    }
  }

  /** How clients reach the server (RFC 8656 section 3.1). */
  enum Transport {
    UDP,
    TCP,
    TLS
  }

  String label() {
    return String.format(
        Locale.ROOT,
        "%s %d B, %d client%s%s, %s, %,d/s",
        framing.label,
        payloadBytes,
        clients,
        clients == 1 ? "" : "s",
        peers.label,
        transport,
        packetsPerSecond);
  }
}
