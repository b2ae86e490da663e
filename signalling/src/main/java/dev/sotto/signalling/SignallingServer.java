package dev.sotto.signalling;

import com.nimbusds.jose.jwk.JWK;
import dev.sotto.signalling.auth.AccountStore;
import dev.sotto.signalling.auth.Accounts.Configured;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The running signalling role: HTTP (call page, {@code /xmpp}, {@code /api/v1}) and XMPP listeners.
 * {@code Signalling.start} returns once every listener is bound; a port that cannot be had is a
 * {@link ListenException} naming it.
 */
public interface SignallingServer extends AutoCloseable {

  /** What the role needs of others, joined by the composition root. */
  record Collaborators(
      TurnCredentialIssuer turn,
      Optional<DevelopmentTokenIssuer> developmentTokens,
      AccountStore accounts,
      Clock clock) {}

  /** A listener could not bind; the message names address, port and setting. */
  final class ListenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ListenException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Where the page answers. */
  InetSocketAddress httpAddress();

  /** Where HTTPS answers, if it was asked for. */
  Optional<InetSocketAddress> httpsAddress();

  /** Where XMPP with STARTTLS answers. */
  InetSocketAddress xmppAddress();

  /** Totals since the start and current gauges. */
  SignallingCounters counters();

  /**
   * Shows this certificate to connections that begin from now on, and signs users in with these
   * keys only; who is signed in by a token stays so. Configured accounts are these from now on, and
   * sessions end whose account is gone or has another password. A certificate that cannot be used
   * is an {@link IllegalArgumentException} and changes nothing.
   */
  void reload(TlsIdentity tls, List<JWK> tokenKeys, List<Configured> accounts);

  /** Whether every listener accepts. */
  boolean ready();

  /** Tells clients that the service stops (RFC 6120 section 4.9.3.22), then closes. */
  void drain(Duration deadline);

  @Override
  void close();
}
