package dev.sotto.signalling.transport;

import dev.sotto.signalling.stream.StreamContext;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.util.CharsetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands in front of the HTTP server's own handlers and takes the WebSocket requests for {@code
 * /xmpp} out of its hands, so that a stream costs what a stream needs and no more.
 */
public final class WebSocketUpgrade extends ChannelDuplexHandler {

  /** Where XMPP over WebSocket answers. */
  public static final String PATH = "/xmpp";

  private static final String SUBPROTOCOL = "xmpp";

  private final StreamContext context;
  private final UnauthenticatedConnections unauthenticated;
  private int unanswered;
  private boolean taken;
  private boolean bodySeen;
  private boolean upgraded;

  /** One for each HTTP connection. */
  public WebSocketUpgrade(StreamContext context, UnauthenticatedConnections unauthenticated) {
    this.context = context;
    this.unauthenticated = unauthenticated;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof WebSocketFrame) {
      ctx.fireChannelRead(msg);
    } else if (taken) {
      afterwards(ctx, msg);
    } else if (msg instanceof HttpRequest request && isForUs(request)) {
      take(ctx, request);
    } else {
      if (msg instanceof HttpRequest) {
        unanswered++;
      }
      ctx.fireChannelRead(msg);
    }
  }

  private void take(ChannelHandlerContext ctx, HttpRequest request) {
    taken = true;
    bodySeen = request instanceof LastHttpContent;
    if (unanswered > 0) {
      // An answer that is still to come has no place in a WebSocket, nor before ours.
      ctx.close();
    } else {
      answer(ctx, request);
    }
    ReferenceCountUtil.release(request);
  }

  /** The rest of the request that was taken is its empty body; more than that is no client's. */
  private void afterwards(ChannelHandlerContext ctx, Object msg) {
    boolean isBody = msg instanceof HttpContent && !bodySeen;
    bodySeen |= msg instanceof LastHttpContent;
    ReferenceCountUtil.release(msg);
    if (!isBody && upgraded) {
      ctx.close();
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    boolean interim =
        msg instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (msg instanceof LastHttpContent && !interim) {
      unanswered--;
    }
    ctx.write(msg, promise);
  }

  private static boolean isForUs(HttpRequest request) {
    String uri = request.uri();
    int query = uri.indexOf('?');
    return (query < 0 ? uri : uri.substring(0, query)).equals(PATH);
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest request) {
    if (!request
        .headers()
        .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
      refuse(ctx, HttpResponseStatus.UPGRADE_REQUIRED, "XMPP over WebSocket (RFC 7395) is here\n");
    } else if (!offersXmpp(request)) {
      refuse(ctx, HttpResponseStatus.BAD_REQUEST, "the WebSocket subprotocol must be xmpp\n");
    } else if (!unauthenticated.enter(remoteAddress(ctx))) {
      refuse(
          ctx,
          HttpResponseStatus.TOO_MANY_REQUESTS,
          "too many unauthenticated connections from your address\n");
    } else {
      upgrade(ctx, request);
    }
  }

  private static boolean offersXmpp(HttpRequest request) {
    return request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
        .flatMap(value -> java.util.Arrays.stream(value.split(",", -1)))
        .anyMatch(protocol -> protocol.strip().equalsIgnoreCase(SUBPROTOCOL));
  }

  private void upgrade(ChannelHandlerContext ctx, HttpRequest request) {
    WebSocketDecoderConfig decoder =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(context.limits().stanzaBytes())
            .allowExtensions(false)
            .withUTF8Validator(true)
            .closeOnProtocolViolation(false) // which the connection does, after its stream
            .build();
    WebSocketServerHandshaker handshaker =
        new WebSocketServerHandshakerFactory(PATH, SUBPROTOCOL, decoder).newHandshaker(request);
    if (handshaker == null) {
      unauthenticated.leave(remoteAddress(ctx));
      refuse(ctx, HttpResponseStatus.UPGRADE_REQUIRED, "WebSocket version 13 is spoken here\n");
      return;
    }
    Channel channel = ctx.channel();
    upgraded = true;
    removeHttpHandlers(ctx);
    WebSocketConnection connection =
        new WebSocketConnection(channel, remoteAddress(ctx), context, unauthenticated);
    channel
        .pipeline()
        .addLast(new WebSocketFrameAggregator(context.limits().stanzaBytes()))
        .addLast(connection.inbound());
    FullHttpRequest full =
        new DefaultFullHttpRequest(
            request.protocolVersion(),
            request.method(),
            request.uri(),
            Unpooled.EMPTY_BUFFER,
            request.headers(),
            EmptyHttpHeaders.INSTANCE);
    try {
      handshaker
          .handshake(channel, full)
          .addListener(done -> {
            if (done.isSuccess()) {
              channel.config().setAutoRead(true);
              channel.read();
            } else {
              channel.close();
            }
          });
    } catch (WebSocketHandshakeException e) {
      refuse(ctx, HttpResponseStatus.BAD_REQUEST, "not a WebSocket handshake\n");
    }
  }

  /** Everything that the HTTP server put behind this handler, and its idle timer. */
  private void removeHttpHandlers(ChannelHandlerContext self) {
    ChannelPipeline pipeline = self.pipeline();
    List<ChannelHandler> behind = new ArrayList<>();
    boolean after = false;
    for (String name : pipeline.names()) {
      ChannelHandler handler = pipeline.get(name);
      if (handler == this) {
        after = true;
      } else if (handler != null
          && (after || handler instanceof io.netty.handler.timeout.IdleStateHandler)) {
        behind.add(handler);
      }
    }
    behind.forEach(pipeline::remove);
  }

  private static InetAddress remoteAddress(ChannelHandlerContext ctx) {
    return ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress();
  }

  private static void refuse(ChannelHandlerContext ctx, HttpResponseStatus status, String text) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(text, CharsetUtil.UTF_8));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
      response.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    }
    HttpUtil.setContentLength(response, response.content().readableBytes());
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
