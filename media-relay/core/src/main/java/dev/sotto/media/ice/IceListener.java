package dev.sotto.media.ice;

import java.net.InetSocketAddress;

/**
 * What one session tells its owner, on the event loop, while a check or a timer is handled. An
 * address is valid from its first authenticated check until thirty seconds after its last one; only
 * from valid addresses may anything but STUN be taken, and only to the selected one may anything be
 * sent.
 */
public interface IceListener {
  /** A check from here was authenticated for the first time. */
  void onAddressValid(long remoteKey, InetSocketAddress remote);

  /** A check from here was authenticated, as is each that follows; after what it made valid. */
  default void onCheck(long remoteKey, InetSocketAddress remote, long nowNanos) {}

  /** Nothing was heard from here for long; never told of the selected address. */
  void onAddressExpired(long remoteKey, InetSocketAddress remote);

  /** Media goes there from now on: the first nomination, or a later one of another address. */
  void onSelected(long remoteKey, InetSocketAddress remote);

  /** Consent to send has run out (RFC 7675 section 5.1). */
  void onConsentLost();

  /** An authenticated check has renewed what was lost. */
  void onConsentRegained();
}
