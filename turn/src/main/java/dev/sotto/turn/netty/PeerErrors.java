package dev.sotto.turn.netty;

import dev.sotto.turn.relay.RelaySockets.Receiver;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.UnixChannel;
import java.util.concurrent.TimeUnit;

/**
 * The ICMP errors of one relayed socket.
 *
 * <p>An error that is pending fails the socket's next call, which can cost one datagram, and errors
 * can be forged: beyond so many a second the kernel is told to ignore them for the rest of it.
 */
final class PeerErrors implements SocketErrors {
  private static final int MAXIMUM_A_SECOND = 20;

  private final DatagramChannel channel;
  private final PeerSocketOptions options;
  private final ErrorQueue queue;
  private final Receiver receiver;
  private int countThisSecond;

  private PeerErrors(
      DatagramChannel channel, PeerSocketOptions options, ErrorQueue queue, Receiver receiver) {
    this.channel = channel;
    this.options = options;
    this.queue = queue;
    this.receiver = receiver;
  }

  /** Starts to keep the errors of a channel. */
  static SocketErrors keep(
      DatagramChannel channel, PeerSocketOptions options, ErrorQueue queue, Receiver receiver) {
    options.receiveErrors(channel, true);
    return new PeerErrors(channel, options, queue, receiver);
  }

  @Override
  public int fetch() {
    int left = MAXIMUM_A_SECOND - countThisSecond;
    if (left == 0 || !channel.isOpen()) {
      return 0;
    }
    int fileDescriptor = ((UnixChannel) channel).fd().intValue();
    int count = queue.read(fileDescriptor, left, receiver::onIcmpError);
    if (count > 0 && countThisSecond == 0) {
      var _ = channel.eventLoop().schedule(this::startAgain, 1, TimeUnit.SECONDS);
    }
    countThisSecond += count;
    if (countThisSecond == MAXIMUM_A_SECOND) {
      options.receiveErrors(channel, false);
    }
    return count;
  }

  private void startAgain() {
    if (countThisSecond == MAXIMUM_A_SECOND && channel.isOpen()) {
      options.receiveErrors(channel, true);
    }
    countThisSecond = 0;
  }
}
