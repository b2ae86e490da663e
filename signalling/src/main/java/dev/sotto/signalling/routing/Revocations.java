package dev.sotto.signalling.routing;

import dev.sotto.signalling.auth.Accounts.Revocation;
import dev.sotto.signalling.stream.StreamError;
import java.util.Optional;

/** Ends the sessions of accounts whose password is no longer good. Any thread may call. */
public final class Revocations {

  /** What sessions of a deleted account are told. */
  public static final StreamError DELETED =
      new StreamError(StreamError.Condition.NOT_AUTHORIZED, "the account was deleted");

  private static final StreamError PASSWORD_CHANGED =
      new StreamError(StreamError.Condition.RESET, "the password was changed: log in again");

  private Revocations() {}

  /** XEP-0077 section 3.2 for accounts that are gone, RFC 6120 section 4.9.3.16 for the rest. */
  public static void apply(Revocation revocation, SessionDirectory directory) {
    StreamError error =
        switch (revocation.reason()) {
          case DELETED -> DELETED;
          case PASSWORD_CHANGED -> PASSWORD_CHANGED;
        };
    directory.of(revocation.account().local()).stream()
        .filter(session -> session.jid().bare().equals(revocation.account()))
        .filter(session -> !revocation.except().equals(Optional.of(session.jid())))
        .forEach(session -> session.terminate(error));
  }
}
