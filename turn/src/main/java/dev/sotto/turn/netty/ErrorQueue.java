package dev.sotto.turn.netty;

import dev.sotto.turn.relay.IcmpError;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what Linux keeps of ICMP errors for a socket with IP_RECVERR (ip(7)): Netty has no call for
 * it, so this is one system call, {@code recvmsg} with MSG_ERRQUEUE, over memory that is laid out
 * once. Belongs to one event loop. Offsets are those of every 64-bit Linux.
 */
final class ErrorQueue {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorQueue.class);

  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_ERRQUEUE = 0x2000;

  private static final int MSGHDR_BYTES = 56;
  private static final int MSGHDR_NAME = 0;
  private static final int MSGHDR_NAME_BYTES = 8;
  private static final int MSGHDR_CONTROL = 32;
  private static final int MSGHDR_CONTROL_BYTES = 40;

  private static final int SOCKADDR_BYTES = 28;
  private static final int SOCKADDR_PORT = 2;
  private static final int SOCKADDR_IPV4 = 4;
  private static final int SOCKADDR_IPV6 = 8;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private static final int CONTROL_BYTES = 512;
  private static final int CMSG_LEVEL = 8;
  private static final int CMSG_TYPE = 12;
  private static final int CMSG_DATA = 16;

  private static final int IPPROTO_IP = 0;
  private static final int IP_RECVERR = 11;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_RECVERR = 25;

  private static final int EE_ERRNO = 0;
  private static final int EE_ORIGIN = 4;
  private static final int EE_TYPE = 5;
  private static final int EE_CODE = 6;
  private static final int EE_INFO = 8;
  private static final int EE_BYTES = 16;
  private static final int ORIGIN_LOCAL = 1;
  private static final int ORIGIN_ICMP = 2;
  private static final int ORIGIN_ICMP6 = 3;
  private static final int EMSGSIZE = 90;

  private static final ValueLayout.OfShort PORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final Optional<MethodHandle> RECVMSG = recvmsg();

  private final MethodHandle recvmsg;
  private final MemorySegment header;
  private final MemorySegment name;
  private final MemorySegment control;

  private ErrorQueue(MethodHandle recvmsg) {
    this.recvmsg = recvmsg;
    header = Arena.ofAuto().allocate(MSGHDR_BYTES, Long.BYTES);
    name = Arena.ofAuto().allocate(SOCKADDR_BYTES, Long.BYTES);
    control = Arena.ofAuto().allocate(CONTROL_BYTES, Long.BYTES);
  }

  /** Empty where native calls are not to be had. */
  static Optional<ErrorQueue> create() {
    return RECVMSG.map(ErrorQueue::new);
  }

  /**
   * Takes up to so many errors out of a socket's queue.
   *
   * @return how many there were, those included that are of no use
   */
  int read(int fileDescriptor, int atMost, Consumer<IcmpError> errors) {
    int count = 0;
    while (count < atMost && readNext(fileDescriptor)) {
      parse().ifPresent(errors);
      count++;
    }
    return count;
  }

  private boolean readNext(int fileDescriptor) {
    header.fill((byte) 0);
    name.fill((byte) 0);
    control.fill((byte) 0);
    header.set(ValueLayout.ADDRESS, MSGHDR_NAME, name);
    header.set(ValueLayout.JAVA_INT, MSGHDR_NAME_BYTES, SOCKADDR_BYTES);
    header.set(ValueLayout.ADDRESS, MSGHDR_CONTROL, control);
    header.set(ValueLayout.JAVA_LONG, MSGHDR_CONTROL_BYTES, CONTROL_BYTES);
    try {
      return (long) recvmsg.invokeExact(fileDescriptor, header, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0;
    } catch (Throwable e) {
      throw new IllegalStateException("recvmsg itself throws nothing", e);
    }
  }

  private Optional<IcmpError> parse() {
    long received = header.get(ValueLayout.JAVA_LONG, MSGHDR_CONTROL_BYTES);
    long at = 0;
    while (at + CMSG_DATA <= received) {
      long length = control.get(ValueLayout.JAVA_LONG, at);
      if (length < CMSG_DATA || at + length > received) {
        return Optional.empty();
      }
      int level = control.get(ValueLayout.JAVA_INT, at + CMSG_LEVEL);
      int type = control.get(ValueLayout.JAVA_INT, at + CMSG_TYPE);
      boolean isError =
          (level == IPPROTO_IP && type == IP_RECVERR)
              || (level == IPPROTO_IPV6 && type == IPV6_RECVERR);
      if (isError && length >= CMSG_DATA + EE_BYTES) {
        long error = at + CMSG_DATA;
        return peer().flatMap(peer -> error(peer, error));
      }
      at += (length + Long.BYTES - 1) & -Long.BYTES;
    }
    return Optional.empty();
  }

  private Optional<IcmpError> error(InetSocketAddress peer, long at) {
    int origin = control.get(ValueLayout.JAVA_BYTE, at + EE_ORIGIN);
    long info = Integer.toUnsignedLong(control.get(ValueLayout.JAVA_INT, at + EE_INFO));
    return switch (origin) {
      case ORIGIN_ICMP, ORIGIN_ICMP6 ->
          Optional.of(
              new IcmpError(
                  peer,
                  Byte.toUnsignedInt(control.get(ValueLayout.JAVA_BYTE, at + EE_TYPE)),
                  Byte.toUnsignedInt(control.get(ValueLayout.JAVA_BYTE, at + EE_CODE)),
                  info));
      case ORIGIN_LOCAL ->
          control.get(ValueLayout.JAVA_INT, at + EE_ERRNO) == EMSGSIZE
              ? Optional.of(IcmpError.tooBig(peer, info))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Where the datagram was to go that the error is about. */
  private Optional<InetSocketAddress> peer() {
    int port = Short.toUnsignedInt(name.get(PORT, SOCKADDR_PORT));
    return switch (name.get(ValueLayout.JAVA_SHORT, 0)) {
      case AF_INET -> Optional.of(new InetSocketAddress(address(SOCKADDR_IPV4, 4), port));
      case AF_INET6 -> Optional.of(new InetSocketAddress(address(SOCKADDR_IPV6, 16), port));
      default -> Optional.empty();
    };
  }

  private InetAddress address(int offset, int bytes) {
    try {
      return InetAddress.getByAddress(name.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes always make an address", e);
    }
  }

  @SuppressWarnings("restricted")
  private static Optional<MethodHandle> recvmsg() {
    try {
      Linker linker = Linker.nativeLinker();
      return Optional.of(
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("recvmsg"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT)));
    } catch (RuntimeException e) {
      LOG.warn("clients will not hear of ICMP errors: no native calls ({})", e.toString());
      return Optional.empty();
    }
  }
}
