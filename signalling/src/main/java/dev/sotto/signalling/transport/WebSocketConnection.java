package dev.sotto.signalling.transport;

import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StreamContext;
import dev.sotto.signalling.xml.Element;
import dev.sotto.signalling.xml.StanzaFramer;
import dev.sotto.signalling.xml.StanzaFramer.Cut;
import dev.sotto.signalling.xml.StanzaFramer.Layout;
import dev.sotto.signalling.xml.StanzaParser;
import dev.sotto.signalling.xml.XmlFault;
import dev.sotto.signalling.xml.XmlFault.Kind;
import dev.sotto.signalling.xml.XmlWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * XMPP over WebSocket (RFC 7395): one element a message, the stream framed by {@code <open/>} and
 * {@code <close/>}. TLS is the WebSocket's own (section 3.9).
 */
final class WebSocketConnection extends NettyTransport {

  private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

  private final StanzaFramer framer;
  private final Queue<ByteBuf> waiting = new ArrayDeque<>();
  private boolean paused;
  private boolean closing;

  WebSocketConnection(
      Channel channel,
      InetAddress remoteAddress,
      StreamContext context,
      UnauthenticatedConnections unauthenticated) {
    super(channel, remoteAddress, context, unauthenticated);
    this.framer = new StanzaFramer(Layout.MESSAGES, context.limits().stanzaBytesBeforeAuth());
  }

  /** The handler that feeds this connection. */
  Inbound inbound() {
    return new Inbound();
  }

  @Override
  Outgoing serialise(Element element) {
    ByteBuf buffer = XmlWriter.toBuffer(channel().alloc(), element, "");
    return new Outgoing(new TextWebSocketFrame(buffer), buffer.readableBytes());
  }

  @Override
  public void openStream(String domain, String streamId, Optional<String> version) {
    Element open = Element.of(Namespaces.FRAMING, "open", "from", domain, "id", streamId);
    send(version.map(number -> open.with("version", number)).orElse(open));
  }

  @Override
  public void restart() {
    framer.reset();
  }

  @Override
  public void startTls() {
    throw new IllegalStateException("TLS is below the WebSocket");
  }

  @Override
  public void trusted(int maxStanzaBytes) {
    framer.maxBytes(maxStanzaBytes);
    leaveUnauthenticated();
  }

  @Override
  public boolean canStartTls() {
    return false;
  }

  @Override
  public void pauseReading() {
    paused = true;
    channel().config().setAutoRead(false);
  }

  @Override
  public void resumeReading() {
    paused = false;
    channel().config().setAutoRead(true);
    readWaiting();
  }

  @Override
  public void close() {
    if (closing) {
      return;
    }
    send(Element.of(Namespaces.FRAMING, "close"));
    closeWebSocket(WebSocketCloseStatus.NORMAL_CLOSURE);
  }

  private void closeWebSocket(WebSocketCloseStatus status) {
    if (closing) {
      return;
    }
    closing = true;
    paused = false;
    fallSilent();
    channel().config().setAutoRead(true);
    discardWaiting();
    channel().writeAndFlush(new CloseWebSocketFrame(status));
    stream().onDisconnected();
    // The client answers with its own close frame, which ends the connection at once.
    closeAfterLinger();
  }

  private void discardWaiting() {
    waiting.forEach(ByteBuf::release);
    waiting.clear();
  }

  private void readWaiting() {
    while (!paused && !closing && !waiting.isEmpty()) {
      ByteBuf message = waiting.remove();
      try {
        onMessage(message);
      } catch (XmlFault fault) {
        stream().onFault(fault);
      } finally {
        message.release();
      }
    }
  }

  private void onMessage(ByteBuf message) throws XmlFault {
    framer.reset();
    if (framer.next(message) != Cut.STANZA) {
      throw new XmlFault(Kind.NOT_WELL_FORMED, "a message holds one whole element");
    }
    if (framer.length() != message.readableBytes()) {
      throw new XmlFault(Kind.BAD_FORMAT, "a message holds one element and nothing else");
    }
    Element element = StanzaParser.parse(message, framer.length(), StanzaParser.NO_CONTEXT);
    if (element.is(Namespaces.FRAMING, "open")) {
      stream().onOpen(element);
    } else if (element.is(Namespaces.FRAMING, "close")) {
      stream().onStreamClose();
    } else {
      stream().onElement(element);
    }
  }

  /** Netty's view of the connection. */
  final class Inbound extends SimpleChannelInboundHandler<WebSocketFrame> {

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
      switch (frame) {
        case TextWebSocketFrame text when !closing -> {
          waiting.add(text.content().retain());
          readWaiting();
        }
        case PingWebSocketFrame ping -> {
          stream().onKeepAlive();
          ByteBuf content = ping.content().retain();
          write(new Outgoing(new PongWebSocketFrame(content), content.readableBytes() + 2));
        }
        case PongWebSocketFrame ignored -> stream().onKeepAlive();
        case CloseWebSocketFrame ignored -> {
          closeWebSocket(WebSocketCloseStatus.NORMAL_CLOSURE);
          ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
        default -> closeWebSocket(WebSocketCloseStatus.INVALID_MESSAGE_TYPE);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      closing = true;
      discardWaiting();
      leaveUnauthenticated();
      stream().onDisconnected();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (!isClients(cause)) {
        LOG.warn("connection of {} failed", remoteAddress(), cause);
        stream().fail(INTERNAL_ERROR);
      } else {
        LOG.debug("connection of {} ended: {}", remoteAddress(), cause.toString());
        if (cause instanceof CodecException badFrame
            && !(cause.getCause() instanceof IOException)) {
          closeWebSocket(statusOf(badFrame));
        } else {
          ctx.close();
        }
      }
    }

    private static WebSocketCloseStatus statusOf(CodecException badFrame) {
      return switch (badFrame) {
        case CorruptedWebSocketFrameException frame -> frame.closeStatus();
        case TooLongFrameException ignored -> WebSocketCloseStatus.MESSAGE_TOO_BIG;
        default -> WebSocketCloseStatus.PROTOCOL_ERROR;
      };
    }
  }
}
