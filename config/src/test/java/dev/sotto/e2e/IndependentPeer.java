package dev.sotto.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code peer.py}: slixmpp and aiortc, which share no code with Sotto, in a process of their own.
 */
final class IndependentPeer implements AutoCloseable {

  private final PythonPeer peer;

  IndependentPeer(SottoProcess server, String user, String... options) {
    List<String> all =
        new ArrayList<>(
            List.of("--server", "127.0.0.1:" + server.xmppPort(), "--jid", user + "@localhost"));
    all.addAll(List.of(options));
    peer = new PythonPeer("peer.py", Map.of("SOTTO_TOKEN", server.token(user)), all);
  }

  /** Waits for an event of this name and returns its details. */
  Map<String, Object> await(String event) {
    return peer.await(event);
  }

  /** Whether the distribution's packages are there. */
  static boolean isInstalled() {
    return PythonPeer.has("slixmpp", "aiortc");
  }

  @Override
  public void close() {
    peer.close();
  }
}
