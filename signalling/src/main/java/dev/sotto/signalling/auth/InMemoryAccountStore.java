package dev.sotto.signalling.auth;

import dev.sotto.signalling.jid.Jid;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Accounts that last as long as the process. */
public final class InMemoryAccountStore implements AccountStore {

  private final ConcurrentMap<Jid, Account> accounts = new ConcurrentHashMap<>();

  @Override
  public Optional<Account> find(Jid account) {
    return Optional.ofNullable(accounts.get(account));
  }

  @Override
  public boolean create(Account account) {
    return accounts.putIfAbsent(account.jid(), account) == null;
  }

  @Override
  public boolean changeKeys(Jid account, List<ScramKeys> keys) {
    return accounts.computeIfPresent(account, (jid, old) -> new Account(jid, keys)) != null;
  }

  @Override
  public boolean delete(Jid account) {
    return accounts.remove(account) != null;
  }
}
