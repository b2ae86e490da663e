package dev.sotto.benchmarks.turn;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** coturn's own load client, against the echo of its own peer: a load that we did not write. */
final class Uclient {

  private static final Path CLIENT = Path.of("/usr/bin/turnutils_uclient");
  private static final Path PEER = Path.of("/usr/bin/turnutils_peer");
  private static final Pattern LOST = Pattern.compile("Total lost packets (\\d+)");
  private static final int CLIENTS = 20;
  private static final int MILLIS_BETWEEN = 1;

  private Uclient() {}

  static boolean isInstalled() {
    return Files.isExecutable(CLIENT) && Files.isExecutable(PEER);
  }

  /** Payload packets that the server relayed, there and back, and those that were lost. */
  record Echo(long relayed, long lost) {
    double lossPercent() {
      return 100.0 * lost / (relayed + lost);
    }
  }

  static Echo run(ServerUnderTest server, Load.Framing framing, int payloadBytes, int packetsEach)
      throws IOException, InterruptedException {
    int peerPort;
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      peerPort = free.getLocalPort();
    }
    Process peer =
        new ProcessBuilder(PEER.toString(), "-L", "127.0.0.1", "-p", "" + peerPort)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      List<String> command =
          new ArrayList<>(
              List.of(CLIENT.toString(), "-c", "-X", "-e", "127.0.0.1", "-r", "" + peerPort));
      command.addAll(List.of("-p", "" + server.address(Load.Transport.UDP).getPort()));
      command.addAll(List.of("-u", Account.BENCH.user(), "-w", Account.BENCH.password()));
      command.addAll(
          List.of("-m", "" + CLIENTS, "-n", "" + packetsEach, "-z", "" + MILLIS_BETWEEN));
      command.addAll(List.of("-l", "" + payloadBytes));
      if (framing == Load.Framing.SEND) {
        command.add("-s");
      }
      command.add("127.0.0.1");
      Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher lost = LOST.matcher(said);
      if (client.waitFor() != 0 || !lost.find()) {
        throw new IllegalStateException("turnutils_uclient failed at " + server.name());
      }
      long round = (long) CLIENTS * packetsEach;
      long missing = Long.parseLong(lost.group(1));
      return new Echo(2 * (round - missing), missing);
    } finally {
      peer.destroy();
    }
  }
}
