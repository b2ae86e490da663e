package dev.sotto.signalling.auth;

import dev.sotto.signalling.jid.Jid;
import java.util.List;

/**
 * A user with a password: the bare JID, and keys for each hash. There may be two of a hash, where
 * clients prepare the password in different ways; those have salt and iterations in common.
 */
public record Account(Jid jid, List<ScramKeys> keys) {

  public Account {
    if (jid.isFull() || jid.local().isEmpty()) {
      throw new IllegalArgumentException("not a bare JID: " + jid);
    }
    keys = List.copyOf(keys);
  }

  /** The keys for one hash that one challenge serves; empty if there are none. */
  public List<ScramKeys> keys(ScramHash hash) {
    List<ScramKeys> ofHash = keys.stream().filter(key -> key.hash() == hash).toList();
    return ofHash.stream().filter(key -> key.sharesDerivation(ofHash.getFirst())).toList();
  }
}
