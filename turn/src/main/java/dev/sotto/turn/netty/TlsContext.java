package dev.sotto.turn.netty;

import dev.sotto.turn.TurnServerException;
import dev.sotto.turn.TurnTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLException;

/**
 * TLS 1.3 and 1.2 towards clients, with the protocol names of RFC 7443 for those that ask. The
 * identity can be replaced while connections live; they keep the one they began with.
 */
public final class TlsContext {
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  private volatile SslContext context;

  /**
   * @throws TurnServerException when key and certificate cannot be used
   */
  public TlsContext(TurnTls identity) {
    context = build(identity);
  }

  /**
   * Prepares another identity, which is shown from when the result is run.
   *
   * @throws TurnServerException when key and certificate cannot be used
   */
  Runnable replacement(TurnTls identity) {
    SslContext prepared = build(identity);
    return () -> context = prepared;
  }

  SslHandler newHandler(ByteBufAllocator buffers) {
    SslHandler handler = context.newHandler(buffers);
    handler.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT.toMillis());
    return handler;
  }

  private static SslContext build(TurnTls identity) {
    try {
      return SslContextBuilder.forServer(
              identity.key(), identity.chain().toArray(X509Certificate[]::new))
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  "stun.turn",
                  "stun.nat-discovery"))
          .build();
    } catch (SSLException e) {
      throw new TurnServerException("cannot use the TLS key and certificate: " + e.getMessage(), e);
    }
  }
}
