package dev.sotto.signalling.auth;

import dev.sotto.signalling.auth.AuthenticatedUser.Proof;
import dev.sotto.signalling.jid.Jid;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every account of this server: those of its configuration, which only a reload changes, and those
 * of a store. Tells at once whose password is no longer good, so that their sessions can end.
 * Methods that look at the store or derive keys block: virtual threads only.
 */
public final class Accounts {

  private final AccountStore store;
  private final PasswordHashing hashing;
  private final AtomicLong revision = new AtomicLong();
  private final List<Consumer<Revocation>> listeners = new CopyOnWriteArrayList<>();
  private volatile Map<Jid, Account> configured = Map.of();
  private volatile Set<String> configuredDomains = Set.of();

  /** No account is configured yet. */
  public Accounts(AccountStore store, PasswordHashing hashing) {
    this.store = store;
    this.hashing = hashing;
  }

  /** An account as a configuration has it: a password in clear, or keys made from one. */
  public sealed interface Configured {

    /** The bare JID. */
    Jid account();

    /** Converted when it is taken up. */
    record WithPassword(Jid account, String password) implements Configured {
      /** Never shows the password. */
      @Override
      public String toString() {
        return "WithPassword[" + account + "]";
      }
    }

    /** As {@link ScramKeys#parse} reads them; one entry for each hash. */
    record WithKeys(Jid account, ScramKeys keys) implements Configured {}
  }

  /**
   * Whose password is no longer good. {@code except} is the full JID of the device that changed it.
   */
  public record Revocation(Jid account, Reason reason, Optional<Jid> except) {

    /** Why. */
    public enum Reason {
      DELETED,
      PASSWORD_CHANGED
    }
  }

  /** What became of a change. */
  public enum Outcome {
    DONE,
    /** There is an account of that name. */
    CONFLICT,
    /** There is no account of that name in the store: nothing that a client can change. */
    NO_ACCOUNT,
    /** Such a password cannot be, as RFC 8265 section 4.2 has it. */
    BAD_PASSWORD,
    /** Too many passwords are being worked on: try again. */
    BUSY
  }

  /** Is told of each revocation, on the thread that made it. */
  public void onRevoked(Consumer<Revocation> listener) {
    listeners.add(listener);
  }

  /** Grows with every revocation, before sessions are told. Any thread may ask. */
  public long revision() {
    return revision.get();
  }

  /** Takes up the configuration's accounts in place of those that it had before. */
  public void configure(Collection<Configured> entries) {
    Map<Jid, List<ScramKeys>> keys = new LinkedHashMap<>();
    for (Configured entry : entries) {
      List<ScramKeys> own =
          switch (entry) {
            case Configured.WithKeys(Jid _, ScramKeys made) -> List.of(made);
            case Configured.WithPassword(Jid jid, String password) -> hashing.derive(jid, password);
          };
      if (own.isEmpty()) {
        throw new IllegalArgumentException("the password of " + entry.account() + " cannot be one");
      }
      keys.merge(entry.account(), own, (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
    }
    Map<Jid, Account> before = configured;
    Map<Jid, Account> after = new LinkedHashMap<>();
    keys.forEach((jid, own) -> after.put(jid, new Account(jid, own)));
    configured = Map.copyOf(after);
    configuredDomains =
        after.keySet().stream().map(Jid::domain).collect(Collectors.toUnmodifiableSet());
    before.forEach((jid, old) -> {
      Account now = after.get(jid);
      if (now == null) {
        revoke(new Revocation(jid, Revocation.Reason.DELETED, Optional.empty()));
      } else if (!now.equals(old)) {
        revoke(new Revocation(jid, Revocation.Reason.PASSWORD_CHANGED, Optional.empty()));
      }
    });
  }

  /** Whether the configuration has accounts of this domain; never blocks. */
  public boolean areConfiguredFor(String domain) {
    return configuredDomains.contains(domain);
  }

  /** Whether a password can be one at all (RFC 4013, RFC 8265). */
  public static boolean isPossible(String password) {
    return !PasswordForms.of(password).isEmpty();
  }

  /** The account of this bare JID. */
  public Optional<Account> find(Jid account) {
    Optional<Account> own = Optional.ofNullable(configured.get(account));
    return own.isPresent() ? own : store.find(account);
  }

  /** Keys to challenge with: the account's, or for one that does not exist, believable ones. */
  public List<ScramKeys> challengeKeys(Jid account, ScramHash hash) {
    List<ScramKeys> own = find(account).map(found -> found.keys(hash)).orElse(List.of());
    return own.isEmpty() ? List.of(hashing.ofNobody(account, hash)) : own;
  }

  /** What a password turned out to be. */
  public sealed interface PasswordCheck {

    /** That of the account, which has these keys. */
    record Right(ScramKeys keys) implements PasswordCheck {}

    /** Not that of the account, or there is none. */
    record Wrong() implements PasswordCheck {}

    /** Too many passwords are being worked on: try again. */
    record Busy() implements PasswordCheck {}
  }

  /** Whether this is the account's password; takes as long where there is no account. */
  public PasswordCheck check(Jid account, String password) {
    List<ScramKeys> keys =
        find(account)
            .map(Account::keys)
            .filter(own -> !own.isEmpty())
            .orElseGet(() -> List.of(hashing.ofNobody(account, ScramHash.SHA_256)));
    ScramHash best =
        keys.stream().map(ScramKeys::hash).max(Comparator.naturalOrder()).orElseThrow();
    List<String> forms = PasswordForms.of(password);
    Optional<PasswordCheck> checked =
        hashing.run(() ->
            keys.stream()
                .filter(key -> key.hash() == best && forms.stream().anyMatch(key::areOf))
                .<PasswordCheck>map(PasswordCheck.Right::new)
                .findFirst()
                .orElseGet(PasswordCheck.Wrong::new));
    return checked.orElseGet(PasswordCheck.Busy::new);
  }

  /** Whether nothing was revoked since they proved it; never blocks. */
  public boolean isCurrent(AuthenticatedUser user) {
    return switch (user.proof()) {
      case Proof.Token _ -> true;
      case Proof.Password(ScramKeys _, long seen) -> seen == revision();
    };
  }

  /** Whether what they proved is still good. */
  public boolean stillHolds(AuthenticatedUser user) {
    return switch (user.proof()) {
      case Proof.Token _ -> true;
      case Proof.Password(ScramKeys keys, long _) ->
          find(user.jid()).filter(found -> found.keys().contains(keys)).isPresent();
    };
  }

  /** Makes an account. */
  public Outcome create(Jid account, String password) {
    if (find(account).isPresent()) {
      return Outcome.CONFLICT; // before the work of deriving keys
    }
    return withKeys(
        account,
        password,
        keys -> store.create(new Account(account, keys)) ? Outcome.DONE : Outcome.CONFLICT);
  }

  /** Changes a password and ends every session of the account but {@code by}. */
  public Outcome changePassword(Jid account, String password, Optional<Jid> by) {
    if (configured.containsKey(account)) {
      return Outcome.NO_ACCOUNT;
    }
    return withKeys(
        account,
        password,
        keys -> {
          if (!store.changeKeys(account, keys)) {
            return Outcome.NO_ACCOUNT;
          }
          revoke(new Revocation(account, Revocation.Reason.PASSWORD_CHANGED, by));
          return Outcome.DONE;
        });
  }

  /** Removes an account and ends its sessions but {@code by}, which is to end by itself. */
  public Outcome delete(Jid account, Optional<Jid> by) {
    if (configured.containsKey(account) || !store.delete(account)) {
      return Outcome.NO_ACCOUNT;
    }
    revoke(new Revocation(account, Revocation.Reason.DELETED, by));
    return Outcome.DONE;
  }

  private Outcome withKeys(
      Jid account, String password, Function<List<ScramKeys>, Outcome> change) {
    Optional<List<ScramKeys>> keys = hashing.run(() -> hashing.derive(account, password));
    if (keys.isEmpty()) {
      return Outcome.BUSY;
    }
    return keys.get().isEmpty() ? Outcome.BAD_PASSWORD : change.apply(keys.get());
  }

  private void revoke(Revocation revocation) {
    revision.incrementAndGet(); // first: who binds now looks again, who has bound is told
    listeners.forEach(listener -> listener.accept(revocation));
  }
}
