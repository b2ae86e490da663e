package dev.sotto.turn.relay;

/** What one allocation has relayed; UDP payload without TURN's framing. */
public final class Traffic {
  private long packetsToPeers;
  private long bytesToPeers;
  private long packetsToClient;
  private long bytesToClient;

  public void toPeer(int bytes) {
    packetsToPeers++;
    bytesToPeers += bytes;
  }

  public void toClient(int bytes) {
    packetsToClient++;
    bytesToClient += bytes;
  }

  public long packetsToPeers() {
    return packetsToPeers;
  }

  public long bytesToPeers() {
    return bytesToPeers;
  }

  public long packetsToClient() {
    return packetsToClient;
  }

  public long bytesToClient() {
    return bytesToClient;
  }
}
