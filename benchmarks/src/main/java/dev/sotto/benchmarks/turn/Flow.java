package dev.sotto.benchmarks.turn;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/** One client's way through a server to its peer and back. */
interface Flow {

  int NO_PAYLOAD = -1;

  /** Whom a flow tells what became of it. */
  interface Listener {
    void opened();

    void refused(int errorCode);
  }

  /** Begins to open it. */
  void open();

  /** Repeats the last request: an answer may have been lost. */
  void again();

  boolean isOpen();

  long allocationNanos();

  /** Where the peer reaches the client. */
  InetSocketAddress outside();

  Channel channel();

  /** The payload as the server wants it, in a buffer of its own; takes the payload over. */
  ByteBuf frame(ByteBuf payload);

  /** Where the payload of what the server sent begins, or {@link #NO_PAYLOAD}. */
  int payloadOffset(ByteBuf received);

  void close();
}
