package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.ServerProcess;
import dev.sotto.media.srtp.SrtpMasterKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@link Forwarder} in a process of its own; a participant joins by telling it the keys. */
final class ForwarderHost implements MeetingHost {

  private final String label;
  private final ServerProcess process;
  private final InetSocketAddress address;
  private final SecureRandom random = new SecureRandom();

  private ForwarderHost(String label, ServerProcess process, InetSocketAddress address) {
    this.label = label;
    this.process = process;
    this.address = address;
  }

  /** With 0 microseconds it sends packet by packet. */
  static ForwarderHost start(String label, Inet4Address address, int gatherMicros)
      throws IOException {
    Process forwarder =
        ServerProcess.java(
                Forwarder.class, address.getHostAddress(), Integer.toString(gatherMicros))
            .start();
    ServerProcess process = new ServerProcess(label, forwarder);
    BufferedReader out = forwarder.inputReader(StandardCharsets.UTF_8);
    String port = out.readLine();
    if (port == null) {
      throw new IOException("the forwarder did not start");
    }
    return new ForwarderHost(
        label, process, new InetSocketAddress(address, Integer.parseInt(port)));
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public ServerProcess process() {
    return process;
  }

  @Override
  public Joined open(Meeting meeting, LoadClient client) {
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < meeting.participants(); i++) {
      Peer peer = client.newPeer(meeting.sends(i), meeting.audience());
      byte[] greeting = new byte[Forwarder.GREETING_BYTES];
      random.nextBytes(greeting);
      greeting[0] = Forwarder.GREETING;
      int half = (greeting.length - 1) / 2;
      peer.connect(address, key(greeting, 1), key(greeting, 1 + half), greeting);
      peers.add(peer);
    }
    peers.forEach(peer -> peer.connected().join());
    return new Joined() {
      @Override
      public List<Peer> peers() {
        return peers;
      }

      @Override
      public void close() {
        peers.forEach(peer -> peer.close(new byte[] {Forwarder.FAREWELL}));
      }
    };
  }

  private static SrtpMasterKey key(byte[] bytes, int from) {
    int salt = from + Forwarder.PROFILE.keyBytes();
    return new SrtpMasterKey(
        Arrays.copyOfRange(bytes, from, salt),
        Arrays.copyOfRange(bytes, salt, salt + Forwarder.PROFILE.saltBytes()));
  }

  @Override
  public void close() {
    process.close();
  }
}
