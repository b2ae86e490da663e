package dev.sotto.signalling.auth;

import dev.sotto.signalling.jid.Jid;
import java.time.Instant;

/** A user who has proven who they are: the prepared parts of the bare JID, and by what. */
public record AuthenticatedUser(String local, String domain, Proof proof) {

  /** What showed it. */
  public sealed interface Proof {

    /** A JWT of the app, good until then. */
    record Token(Instant expires) implements Proof {}

    /** The password whose keys these are; {@code revision} is {@link Accounts#revision}'s. */
    record Password(ScramKeys keys, long revision) implements Proof {}
  }

  /** The account. */
  public Jid jid() {
    return new Jid(local, domain, "");
  }
}
