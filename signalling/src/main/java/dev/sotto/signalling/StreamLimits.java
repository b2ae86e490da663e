package dev.sotto.signalling;

import java.time.Duration;

/**
 * Bounds of one XMPP stream, so that no client costs more than its share. Sizes are bytes of UTF-8
 * on the wire. Exceeding one ends the stream with the error of RFC 6120 section 4.9 that names it.
 *
 * @param stanzaBytes largest stanza after authentication
 * @param stanzaBytesBeforeAuth largest element before authentication
 * @param authTimeout how long a connection may take to authenticate and bind
 * @param idleTimeout silence after which the server pings, and closes if nothing comes back
 * @param queuedBytes what may wait for a client that reads slowly
 * @param stanzasPerSecond sustained rate of one stream; what comes faster waits in the socket
 * @param devicesPerUser connected devices of one user
 * @param connectionsPerAddress unauthenticated connections that one address may hold open
 * @param offlineMessagesPerUser calls and messages kept for a user without a device
 * @param resumptionTime how long a session waits for a client that lost its connection
 * @param unacknowledgedStanzas what may wait for a client's acknowledgement
 */
public record StreamLimits(
    int stanzaBytes,
    int stanzaBytesBeforeAuth,
    Duration authTimeout,
    Duration idleTimeout,
    int queuedBytes,
    int stanzasPerSecond,
    int devicesPerUser,
    int connectionsPerAddress,
    int offlineMessagesPerUser,
    Duration resumptionTime,
    int unacknowledgedStanzas) {

  /**
   * What may wait for a client's acknowledgement. Less than {@code queuedBytes}, since all of it is
   * written at once when the client comes back.
   */
  public int unacknowledgedBytes() {
    return queuedBytes / 4 * 3;
  }
}
