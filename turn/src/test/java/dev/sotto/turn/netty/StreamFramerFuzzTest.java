package dev.sotto.turn.netty;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sotto.turn.ClientTransport;
import dev.sotto.turn.protocol.Counters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;

/** The first byte says into pieces of which size the others are cut on their way. */
@DisplayName("No stream makes the framer throw, leak or hand out half a message")
class StreamFramerFuzzTest {
  private static final int MAXIMUM_FRAME_BYTES = 4096;

  @FuzzTest(maxDuration = "10m")
  void stream_framing(byte[] bytes) {
    if (bytes.length < 2) {
      return;
    }
    int pieceBytes = 1 + Byte.toUnsignedInt(bytes[0]);
    EmbeddedChannel channel =
        new EmbeddedChannel(new StreamFramer(new Counters().of(ClientTransport.TCP)));
    for (int at = 1; at < bytes.length && channel.isOpen(); at += pieceBytes) {
      byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + pieceBytes));
      channel.writeInbound(Unpooled.wrappedBuffer(piece));
    }
    int framed = 0;
    ByteBuf frame = channel.readInbound();
    while (frame != null) {
      int length = frame.readableBytes();
      if (length < 4 || length > MAXIMUM_FRAME_BYTES || length % 4 != 0) {
        throw new AssertionError("a frame of " + length + " bytes");
      }
      framed += length;
      frame.release();
      frame = channel.readInbound();
    }
    if (framed > bytes.length - 1) {
      throw new AssertionError("more came out than went in");
    }
    channel.finishAndReleaseAll();
  }
}
