package dev.sotto.signalling.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes an HTTP connection on which no whole request arrives in time, however busily it sends
 * pieces of one: an idle timer would be satisfied with a byte now and then. While a request is
 * being answered, no time runs.
 */
final class RequestDeadline extends ChannelDuplexHandler {

  private final long allowedNanos;
  private Future<?> deadline;

  RequestDeadline(Duration allowed) {
    this.allowedNanos = allowed.toNanos();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    restart(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    deadline.cancel(false);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof LastHttpContent) {
      deadline.cancel(false);
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (endsAnswer(msg)) {
      restart(ctx);
    }
    ctx.write(msg, promise);
  }

  /** A whole response, or the end of one; an interim one (RFC 9110 section 15.2) is not. */
  static boolean endsAnswer(Object msg) {
    return msg instanceof LastHttpContent
        && !(msg instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL);
  }

  private void restart(ChannelHandlerContext ctx) {
    if (deadline != null) {
      deadline.cancel(false);
    }
    deadline = ctx.executor().schedule(() -> ctx.close(), allowedNanos, TimeUnit.NANOSECONDS);
  }
}
