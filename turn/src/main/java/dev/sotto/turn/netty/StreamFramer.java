package dev.sotto.turn.netty;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.protocol.TransportCounters;
import dev.sotto.turn.stun.ChannelData;
import dev.sotto.turn.stun.StunMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts a byte stream into STUN and ChannelData messages, the latter padded to four bytes (RFC 8656
 * section 12.5). A stream that cannot be cut any more is closed: nothing after the error can be
 * trusted.
 */
final class StreamFramer extends ByteToMessageDecoder {
  private static final int LENGTH_END = 4;
  private static final int MAXIMUM_FRAME_BYTES = 4096;

  private final TransportCounters counters;

  StreamFramer(TransportCounters counters) {
    this.counters = counters;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < LENGTH_END) {
      return;
    }
    int frameBytes = frameBytes(in);
    if (frameBytes > MAXIMUM_FRAME_BYTES) {
      counters.drop(DropReason.MALFORMED);
      in.skipBytes(in.readableBytes());
      var _ = context.close();
    } else if (in.readableBytes() >= frameBytes) {
      out.add(in.readRetainedSlice(frameBytes));
    }
  }

  /** The length of the message that starts here; more than the maximum if none can. */
  private static int frameBytes(ByteBuf in) {
    int first = in.getByte(in.readerIndex());
    int length = in.getUnsignedShort(in.readerIndex() + 2);
    if (ChannelData.startsLike(first)) {
      return ChannelData.HEADER_BYTES + StunMessage.padded(length);
    }
    boolean stun = (first & 0xC0) == 0 && length == StunMessage.padded(length);
    return stun ? StunMessage.HEADER_BYTES + length : Integer.MAX_VALUE;
  }
}
