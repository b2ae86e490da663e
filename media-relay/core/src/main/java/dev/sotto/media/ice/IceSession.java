package dev.sotto.media.ice;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One endpoint's ICE state in the lite role (RFC 8445 sections 2.5 and 7.3): its credentials, the
 * addresses that have proved them, the nominated one and the consent to send there (RFC 7675).
 *
 * <p>The newest nomination wins, so that a phone which changes networks is followed at once. After
 * an ICE restart the old credentials and the old address serve until an address is nominated under
 * the new ones. Owned by one event loop; times are nanoseconds of one clock.
 */
public final class IceSession {
  /** RFC 7675 section 5.1: the sender's consent lasts thirty seconds. */
  static final long CONSENT_NANOS = 30_000_000_000L;

  /**
   * Interfaces times address families of one device, with room; beyond it the longest silent go.
   */
  static final int MAXIMUM_ADDRESSES = 16;

  private final IceResponder responder;
  private final IceListener listener;
  private final List<RemoteAddress> addresses = new ArrayList<>(4);
  private RemoteAddress selected = RemoteAddress.NONE;
  private IceCredentials current;
  private Optional<IceCredentials> next = Optional.empty();
  private Optional<IceCredentials> remote = Optional.empty();
  private boolean consentLost;
  private boolean closed;

  IceSession(IceResponder responder, IceCredentials local, IceListener listener) {
    this.responder = responder;
    this.current = local;
    this.listener = listener;
  }

  /** What is to be announced to the endpoint: the newest. */
  public IceCredentials localCredentials() {
    return next.orElse(current);
  }

  /** What the endpoint has announced, if it has. */
  public Optional<IceCredentials> remoteCredentials() {
    return remote;
  }

  /**
   * Notes what the endpoint announces. A lite agent sends no checks, so nothing depends on it, and
   * checks that come before it are answered (RFC 8445 section 7.3: the local half decides).
   *
   * @return whether this is the endpoint's restart, to be answered with {@link #restart}
   */
  public boolean setRemoteCredentials(IceCredentials announced) {
    boolean changed = remote.isPresent() && !remote.get().equals(announced);
    remote = Optional.of(announced);
    return changed;
  }

  /**
   * Makes new local credentials (RFC 8445 section 9). Media goes on over the selected address, and
   * checks under either are answered, until one under the new ones nominates.
   *
   * @return what is to be announced
   */
  public IceCredentials restart(RandomGenerator random) {
    requireOpen();
    next.ifPresent(responder::retire);
    IceCredentials made = responder.register(this, random);
    next = Optional.of(made);
    return made;
  }

  /** Whether new credentials wait for their first nomination. */
  public boolean isRestarting() {
    return next.isPresent();
  }

  /** The address that media goes to, once one was nominated. */
  public Optional<InetSocketAddress> selectedAddress() {
    return selected == RemoteAddress.NONE ? Optional.empty() : Optional.of(selected.address);
  }

  /** Whether media may be sent to the selected address now; cheap enough to ask for each packet. */
  public boolean maySend(long nowNanos) {
    return selected != RemoteAddress.NONE && selected.silenceNanos(nowNanos) < CONSENT_NANOS;
  }

  /** When {@link #onTimer} has something to do next; {@link Long#MAX_VALUE} for never. */
  public long nextTimerNanos() {
    long earliest = Long.MAX_VALUE;
    for (int i = 0; i < addresses.size(); i++) {
      RemoteAddress address = addresses.get(i);
      if (address != selected || !consentLost) {
        long at = address.lastCheckNanos() + CONSENT_NANOS;
        earliest = earliest == Long.MAX_VALUE || at - earliest < 0 ? at : earliest;
      }
    }
    return earliest;
  }

  /** Lets consent and addresses run out; to be called at {@link #nextTimerNanos} or each second. */
  public void onTimer(long nowNanos) {
    // From the end, since some are removed; the owner may close the session in the event.
    for (int i = addresses.size() - 1; i >= 0 && !closed; i--) {
      RemoteAddress address = addresses.get(i);
      if (address != selected && address.silenceNanos(nowNanos) >= CONSENT_NANOS) {
        addresses.remove(i);
        listener.onAddressExpired(address.key, address.address);
      }
    }
    if (selected != RemoteAddress.NONE && !consentLost && !maySend(nowNanos)) {
      consentLost = true;
      listener.onConsentLost();
    }
  }

  /**
   * Stops answering. The listener hears nothing more; valid addresses are the owner's to forget.
   */
  public void close() {
    if (!closed) {
      closed = true;
      responder.retire(current);
      next.ifPresent(responder::retire);
      selected = RemoteAddress.NONE;
      addresses.clear();
    }
  }

  boolean isValid(long remoteKey, InetSocketAddress from) {
    return find(remoteKey, from) != RemoteAddress.NONE;
  }

  /** A check that was authenticated with these local credentials and answered with success. */
  void onCheck(
      IceCredentials used,
      boolean nominates,
      long remoteKey,
      InetSocketAddress from,
      long nowNanos) {
    boolean mayHaveSent = maySend(nowNanos);
    RemoteAddress address = find(remoteKey, from);
    if (address == RemoteAddress.NONE) {
      address = add(new RemoteAddress(remoteKey, from, nowNanos));
    } else {
      address.heard(nowNanos);
    }
    if (!closed) {
      listener.onCheck(remoteKey, from, nowNanos);
    }
    if (closed) {
      return; // by its owner, in the event
    }
    if (nominates && next.filter(used::equals).isPresent()) {
      responder.retire(current);
      current = used;
      next = Optional.empty();
    }
    // Who nominated once and then got another port from its NAT goes on checking without
    // nominating.
    boolean revives = selected != RemoteAddress.NONE && !mayHaveSent;
    if (address != selected && (nominates || revives)) {
      selected = address;
      listener.onSelected(remoteKey, from);
    }
    if (consentLost && maySend(nowNanos)) {
      consentLost = false;
      listener.onConsentRegained();
    }
  }

  private RemoteAddress find(long remoteKey, InetSocketAddress from) {
    for (int i = 0; i < addresses.size(); i++) {
      RemoteAddress address = addresses.get(i);
      if (address.is(remoteKey, from)) {
        return address;
      }
    }
    return RemoteAddress.NONE;
  }

  private RemoteAddress add(RemoteAddress added) {
    if (addresses.size() == MAXIMUM_ADDRESSES) {
      evictLongestSilent();
    }
    if (!closed) {
      addresses.add(added);
      listener.onAddressValid(added.key, added.address);
    }
    return added;
  }

  private void evictLongestSilent() {
    int victim = addresses.get(0) == selected ? 1 : 0;
    for (int i = victim + 1; i < addresses.size(); i++) {
      RemoteAddress address = addresses.get(i);
      if (address != selected
          && address.lastCheckNanos() - addresses.get(victim).lastCheckNanos() < 0) {
        victim = i;
      }
    }
    RemoteAddress evicted = addresses.remove(victim);
    listener.onAddressExpired(evicted.key, evicted.address);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }
}
