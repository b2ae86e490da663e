package dev.sotto.signalling.transport;

import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StreamContext;
import dev.sotto.signalling.stream.StreamError;
import dev.sotto.signalling.xml.Element;
import dev.sotto.signalling.xml.StanzaFramer;
import dev.sotto.signalling.xml.StanzaFramer.Cut;
import dev.sotto.signalling.xml.StanzaFramer.Layout;
import dev.sotto.signalling.xml.StanzaParser;
import dev.sotto.signalling.xml.XmlFault;
import dev.sotto.signalling.xml.XmlWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * XMPP over TCP (RFC 6120 section 3) with STARTTLS (section 5) or direct TLS (XEP-0368). Holds
 * bytes only while a stanza is incomplete, so an idle connection owns no buffer.
 */
final class TcpConnection extends NettyTransport {

  private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);

  private static final StreamError NOT_FOR_CLIENTS =
      new StreamError(
          StreamError.Condition.INVALID_NAMESPACE, "the content namespace is " + Namespaces.CLIENT);

  private final ServerTls tls;
  private final StanzaFramer framer;
  private StanzaParser.StreamContext inherited = StanzaParser.NO_CONTEXT;
  private ByteBuf pending = Unpooled.EMPTY_BUFFER;
  private boolean paused;
  private boolean closing;

  TcpConnection(
      Channel channel,
      InetAddress remoteAddress,
      StreamContext context,
      UnauthenticatedConnections unauthenticated,
      ServerTls tls) {
    super(channel, remoteAddress, context, unauthenticated);
    this.tls = tls;
    this.framer = new StanzaFramer(Layout.STREAM, context.limits().stanzaBytesBeforeAuth());
  }

  /** The handler that feeds this connection. */
  Inbound inbound() {
    return new Inbound();
  }

  @Override
  Outgoing serialise(Element element) {
    ByteBuf buffer = XmlWriter.toBuffer(channel().alloc(), element, Namespaces.CLIENT);
    return new Outgoing(buffer, buffer.readableBytes());
  }

  @Override
  public void openStream(String domain, String streamId, Optional<String> version) {
    StringBuilder header = new StringBuilder("<?xml version='1.0'?><stream:stream from='");
    XmlWriter.escape(header, domain, true);
    header.append("' id='").append(streamId).append('\'');
    version.ifPresent(number -> header.append(" version='").append(number).append('\''));
    header.append(" xml:lang='en' xmlns='");
    header.append(Namespaces.CLIENT).append("' xmlns:stream='").append(Namespaces.STREAMS);
    header.append("'>");
    writeText(header);
  }

  @Override
  public void restart() {
    framer.reset();
    // The new stream's header may have come already.
    channel().eventLoop().execute(this::readStanzas);
  }

  @Override
  public void startTls() {
    // Bytes that came in clear after <starttls/> must not be read as if TLS protected them.
    pending.release();
    pending = Unpooled.EMPTY_BUFFER;
    framer.reset();
    channel().pipeline().addFirst(tls.newHandler(channel().alloc()));
  }

  @Override
  public void trusted(int maxStanzaBytes) {
    framer.maxBytes(maxStanzaBytes);
    leaveUnauthenticated();
  }

  @Override
  public boolean canStartTls() {
    return true;
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
    readStanzas();
  }

  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    paused = false;
    channel().config().setAutoRead(true); // to see the client's end, discarding what comes before
    fallSilent();
    ChannelFuture said = writeText("</stream:stream>");
    SslHandler encryption = channel().pipeline().get(SslHandler.class);
    if (encryption != null && !encryption.handshakeFuture().isSuccess()) {
      channel().close(); // nobody is there to read it
      return;
    }
    // Closing with unread input would reset the connection and take our last words with it: only
    // our direction ends now.
    if (encryption == null) {
      said.addListener(sent -> shutdownOutput());
    } else {
      encryption.closeOutbound().addListener(sent -> shutdownOutput());
    }
    closeAfterLinger();
  }

  private void shutdownOutput() {
    if (channel() instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
  }

  private ChannelFuture writeText(CharSequence text) {
    return channel().writeAndFlush(ByteBufUtil.writeUtf8(channel().alloc(), text));
  }

  private void readStanzas() {
    try {
      while (!paused && !closing && pending.isReadable()) {
        Cut cut = framer.next(pending);
        if (cut == Cut.NEED_MORE) {
          return;
        }
        handle(cut);
      }
    } catch (XmlFault fault) {
      stream().onFault(fault);
    } finally {
      releaseWhatIsRead();
    }
  }

  private void handle(Cut cut) throws XmlFault {
    int length = framer.length();
    switch (cut) {
      case WHITESPACE -> {
        pending.skipBytes(length);
        stream().onKeepAlive();
      }
      case DECLARATION -> {
        StanzaParser.checkDeclaration(pending, length);
        pending.skipBytes(length);
      }
      case STREAM_OPEN -> {
        StanzaParser.ParsedHeader parsed = StanzaParser.parseStreamOpen(pending, length);
        pending.skipBytes(length);
        inherited = parsed.context();
        if (inherited.defaultNamespace().equals(Namespaces.CLIENT)) {
          stream().onOpen(parsed.header());
        } else {
          stream().fail(NOT_FOR_CLIENTS);
        }
      }
      case STANZA -> {
        Element stanza = StanzaParser.parse(pending, length, inherited);
        pending.skipBytes(length);
        stream().onElement(stanza);
      }
      case STREAM_CLOSE -> {
        pending.skipBytes(length);
        stream().onStreamClose();
      }
      case NEED_MORE -> throw new IllegalStateException("nothing was cut");
    }
  }

  private void releaseWhatIsRead() {
    if (closing || !pending.isReadable()) {
      pending.release();
      pending = Unpooled.EMPTY_BUFFER;
    } else {
      // A client whose packets never end with a stanza would have all of them kept.
      pending.discardSomeReadBytes();
    }
  }

  /** Netty's view of the connection. */
  final class Inbound extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ByteBuf in = (ByteBuf) msg;
      if (closing) {
        in.release();
        return;
      }
      // It grows by doubling, so that a stanza that comes byte by byte is not copied each time.
      pending = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), pending, in);
      readStanzas();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      closing = true;
      pending.release();
      pending = Unpooled.EMPTY_BUFFER;
      leaveUnauthenticated();
      stream().onDisconnected();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
        stream().onDisconnected();
        ctx.close();
      }
      ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      boolean clients = isClients(cause);
      if (clients) {
        LOG.debug("connection of {} ended: {}", remoteAddress(), cause.toString());
      } else {
        LOG.warn("connection of {} failed", remoteAddress(), cause);
        stream().fail(INTERNAL_ERROR);
      }
      if (!closing || clients) {
        ctx.close();
      }
    }
  }
}
