package dev.sotto.signalling.transport;

import dev.sotto.signalling.TlsIdentity;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLException;

/**
 * TLS as the XMPP listeners offer it. The identity can be replaced while connections live; they
 * keep the one they began with.
 */
public final class ServerTls {

  private volatile SslContext context;

  /** An identity that cannot be used is an {@link IllegalArgumentException}. */
  public ServerTls(TlsIdentity identity) {
    context = build(identity);
  }

  /** Shows another identity from now on; one that cannot be used changes nothing and throws. */
  public void replace(TlsIdentity identity) {
    context = build(identity);
  }

  SslHandler newHandler(ByteBufAllocator buffers) {
    return context.newHandler(buffers);
  }

  private static SslContext build(TlsIdentity identity) {
    try {
      return SslContextBuilder.forServer(identity.key(), identity.chain()).build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("the TLS certificate cannot be used", e);
    }
  }
}
