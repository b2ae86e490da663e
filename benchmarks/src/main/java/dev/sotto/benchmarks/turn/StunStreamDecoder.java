package dev.sotto.benchmarks.turn;

import dev.sotto.turn.stun.ChannelData;
import dev.sotto.turn.stun.StunMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Cuts a TCP or TLS stream into STUN and ChannelData messages (RFC 8656 section 12.5). */
final class StunStreamDecoder extends ByteToMessageDecoder {

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < ChannelData.HEADER_BYTES) {
      return;
    }
    int first = in.getByte(in.readerIndex()) & 0xFF;
    int length = in.getUnsignedShort(in.readerIndex() + 2);
    int total =
        ChannelData.startsLike(first)
            ? StunMessage.padded(ChannelData.HEADER_BYTES + length)
            : StunMessage.HEADER_BYTES + length;
    if (in.readableBytes() >= total) {
      out.add(in.readRetainedSlice(total));
    }
  }
}
