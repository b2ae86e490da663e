package dev.sotto.signalling.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.CharsetUtil;
import io.netty.util.ReferenceCountUtil;
import java.util.function.BooleanSupplier;

/**
 * The first to see the requests of one HTTP connection. While the server drains it answers new ones
 * with 503, after those that are being answered still. It leaves, and with it the connection's
 * place among those of its address, when the connection ends or becomes a WebSocket.
 */
final class HttpGate extends ChannelDuplexHandler {

  private final BooleanSupplier draining;
  private final Runnable leave;
  private int unanswered;
  private boolean refusing;

  HttpGate(BooleanSupplier draining, Runnable leave) {
    this.draining = draining;
    this.leave = leave;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    leave.run();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (refusing) {
      ReferenceCountUtil.release(msg);
    } else if (msg instanceof HttpRequest && draining.getAsBoolean()) {
      ReferenceCountUtil.release(msg);
      refusing = true;
      refuseOnceAnswered(ctx);
    } else {
      if (msg instanceof HttpRequest) {
        unanswered++;
      } else if (!(msg instanceof HttpObject)) {
        ctx.pipeline().remove(this); // a WebSocket's frame
      }
      ctx.fireChannelRead(msg);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    ctx.write(msg, promise);
    if (RequestDeadline.endsAnswer(msg)) {
      unanswered--;
      if (refusing) {
        refuseOnceAnswered(ctx);
      }
    }
  }

  private void refuseOnceAnswered(ChannelHandlerContext ctx) {
    if (unanswered > 0) {
      return;
    }
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.SERVICE_UNAVAILABLE,
            Unpooled.copiedBuffer("the server is going down\n", CharsetUtil.UTF_8));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    HttpUtil.setContentLength(response, response.content().readableBytes());
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
