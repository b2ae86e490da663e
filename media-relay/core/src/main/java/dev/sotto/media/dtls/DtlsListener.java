package dev.sotto.media.dtls;

/**
 * Hears how a handshake ends: exactly one of the two, once, on the thread that runs it. Its owner
 * posts it to the event loop.
 */
public interface DtlsListener {
  /** The endpoint is who signalling said. The connection is the event loop's from here on. */
  void onEstablished(DtlsConnection connection);

  /** There will be no session. */
  void onFailed(DtlsFailure failure);
}
