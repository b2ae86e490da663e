package dev.sotto.signalling.auth;

import dev.sotto.signalling.jid.Jid;
import java.util.List;
import java.util.Optional;

/**
 * Keeps accounts. Every method may block, is called on virtual threads only, and may be called by
 * several at once; each change is atomic and lasts once the method returns. A store that cannot be
 * reached throws an unchecked exception, which the client is told as a temporary failure.
 */
public interface AccountStore {

  /** The account of this bare JID. */
  Optional<Account> find(Jid account);

  /** Adds an account; false, and nothing changed, if there is one of that JID. */
  boolean create(Account account);

  /** Replaces the keys of an account; false if there is none. */
  boolean changeKeys(Jid account, List<ScramKeys> keys);

  /** Removes an account; false if there was none. */
  boolean delete(Jid account);
}
