package dev.sotto.signalling.auth;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.jid.JidEscaping;
import java.util.Optional;

/**
 * How clients name a user in SASL: as a local part (RFC 6120 section 6.3.7), as a bare JID of the
 * domain, or as the app does, which may need escaping (XEP-0106).
 */
public final class UserName {

  private UserName() {}

  /** The account that {@code name} is, for {@code domain}; empty if no account can be called so. */
  public static Optional<Jid> account(String name, String domain) {
    Optional<Jid> asJid =
        Jid.parse(name)
            .filter(jid -> !jid.local().isEmpty() && !jid.isFull() && jid.domain().equals(domain));
    return asJid
        .or(() -> Jid.prepareLocal(name).map(local -> new Jid(local, domain, "")))
        .or(() ->
            Jid.prepareLocal(JidEscaping.escape(name)).map(local -> new Jid(local, domain, "")));
  }

  /** Whether {@code name} may stand for {@code account}. */
  public static boolean names(String name, Jid account) {
    Optional<String> local = Optional.of(account.local());
    return Jid.prepareLocal(name).equals(local)
        || Jid.prepareLocal(JidEscaping.escape(name)).equals(local)
        || Jid.parse(name).equals(Optional.of(account));
  }
}
