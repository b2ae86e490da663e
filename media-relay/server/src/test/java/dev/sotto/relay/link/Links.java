package dev.sotto.relay.link;

import java.time.Duration;
import java.util.Set;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.impl.JidCreate;

/** Settings for tests: times short enough to wait for. */
final class Links {
  static final EntityFullJid RELAY =
      JidCreate.entityFullFromOrThrowUnchecked("r1@relays.example.org/r");
  static final EntityBareJid FOCUS =
      JidCreate.entityBareFromOrThrowUnchecked("focus@relays.example.org");
  static final String SECRET = "secret of r1";

  static final LinkTimings TIMINGS =
      new LinkTimings(
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofMillis(100),
          Duration.ofSeconds(30),
          Duration.ofMillis(50),
          Duration.ofMillis(400));

  private Links() {}

  static LinkSettings settings(int port) {
    return settings(port, SECRET, new ServerSecurity.PlainOnLoopback());
  }

  static LinkSettings settings(int port, String secret, ServerSecurity security) {
    return new LinkSettings(
        "127.0.0.1",
        port,
        RELAY,
        new LinkCredential.Secret(secret),
        security,
        Set.of(FOCUS),
        "eu-central",
        "0.1.0",
        TIMINGS);
  }
}
