package dev.sotto.benchmarks.relay;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.Inet4Address;
import java.net.InetSocketAddress;

/**
 * Connected UDP sockets of IPv4 on Linux's own calls: one epoll, recvmmsg, and the kernel's time of
 * arrival with each packet. That time is what makes a delay the relay's: when a client with
 * hundreds of sockets comes to read one of them is the client's affair. {@link #send} may be called
 * from any thread, all else from one.
 */
final class UdpSockets implements AutoCloseable {

  /** Who reads. The memory is the next packet's when the call returns. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Takes a packet.
     *
     * @param socket of which it is
     * @param arrivedNanos since the epoch, by the kernel
     */
    void receive(int socket, MemorySegment memory, long offset, int length, long arrivedNanos);
  }

  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM_NONBLOCK = 2 | 0x800;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUF = 8;
  private static final int SO_TIMESTAMPNS = 35;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLLIN = 1;

  /** As much as net.core.rmem_max allows for: a client that is late loses nothing. */
  private static final int RECEIVE_BUFFER_BYTES = 2 << 20;

  private static final int BATCH = 32;
  private static final int READY = 256;
  private static final int DATAGRAM_BYTES = 2048;
  private static final int MESSAGE_BYTES = 64;
  private static final int MESSAGE_CONTROL_LENGTH = 40;
  private static final int MESSAGE_RECEIVED = 56;
  private static final int CONTROL_BYTES = 64;
  private static final int CONTROL_VALUE = 16;
  private static final int EVENT_BYTES = 12;
  private static final int ADDRESS_BYTES = 16;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment datagrams = arena.allocate((long) BATCH * DATAGRAM_BYTES, 64);
  private final MemorySegment messages = arena.allocate((long) BATCH * MESSAGE_BYTES, 8);
  private final MemorySegment controls = arena.allocate((long) BATCH * CONTROL_BYTES, 8);
  private final MemorySegment events = arena.allocate((long) READY * EVENT_BYTES, 8);
  private final MemorySegment timeout = arena.allocate(16, 8);
  private final int epoll;

  UdpSockets() {
    epoll = checked("epoll_create1", Calls.epollCreate());
    MemorySegment vectors = arena.allocate(BATCH * 16L, 8);
    for (int i = 0; i < BATCH; i++) {
      long vector = i * 16L;
      vectors.set(ADDRESS, vector, datagrams.asSlice((long) i * DATAGRAM_BYTES));
      vectors.set(JAVA_LONG, vector + 8, DATAGRAM_BYTES);
      long message = (long) i * MESSAGE_BYTES;
      messages.set(ADDRESS, message + 16, vectors.asSlice(vector));
      messages.set(JAVA_LONG, message + 24, 1);
      messages.set(ADDRESS, message + 32, controls.asSlice((long) i * CONTROL_BYTES));
    }
  }

  /**
   * Opens a socket that talks with one address only and is read by {@link #receive}.
   *
   * @throws IllegalStateException when the kernel refuses
   */
  int open(Inet4Address local, InetSocketAddress remote) {
    int socket = checked("socket", Calls.socket(AF_INET, SOCK_DGRAM_NONBLOCK, 0));
    option(socket, SO_RCVBUF, RECEIVE_BUFFER_BYTES);
    option(socket, SO_TIMESTAMPNS, 1);
    try (Arena call = Arena.ofConfined()) {
      MemorySegment address = address(call, new InetSocketAddress(local, 0));
      checked("bind", Calls.bind(socket, address, ADDRESS_BYTES));
      checked("connect", Calls.connect(socket, address(call, remote), ADDRESS_BYTES));
      MemorySegment event = call.allocate(EVENT_BYTES, 4);
      event.set(JAVA_INT, 0, EPOLLIN);
      event.set(JAVA_INT, 4, socket);
      checked("epoll_ctl", Calls.epollControl(epoll, EPOLL_CTL_ADD, socket, event));
    }
    return socket;
  }

  /** The port that {@link #open} has bound. */
  int portOf(int socket) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment address = call.allocate(ADDRESS_BYTES, 4);
      MemorySegment length = call.allocateFrom(JAVA_INT, ADDRESS_BYTES);
      checked("getsockname", Calls.socketName(socket, address, length));
      return Wire.u16(address, 2);
    }
  }

  private static void option(int socket, int name, int value) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment memory = call.allocateFrom(JAVA_INT, value);
      checked("setsockopt", Calls.option(socket, SOL_SOCKET, name, memory, Integer.BYTES));
    }
  }

  private static MemorySegment address(Arena arena, InetSocketAddress address) {
    MemorySegment memory = arena.allocate(ADDRESS_BYTES, 4);
    memory.set(JAVA_SHORT, 0, (short) AF_INET);
    Wire.putU16(memory, 2, address.getPort());
    byte[] bytes = address.getAddress().getAddress();
    MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, 4, bytes.length);
    return memory;
  }

  /** Sends at once; false when the kernel did not take it. */
  boolean send(int socket, MemorySegment memory, long offset, int length) {
    return Calls.send(socket, memory.asSlice(offset, length), length, MSG_DONTWAIT) == length;
  }

  /** Waits until something came, at most this long, and reads one batch of each socket. */
  void receive(long waitNanos, Receiver receiver) {
    timeout.set(JAVA_LONG, 0, waitNanos / 1_000_000_000L);
    timeout.set(JAVA_LONG, 8, waitNanos % 1_000_000_000L);
    int ready = Calls.epollWait(epoll, events, READY, timeout);
    for (int i = 0; i < ready; i++) {
      read(events.get(JAVA_INT_UNALIGNED, (long) i * EVENT_BYTES + 4), receiver);
    }
  }

  private void read(int socket, Receiver receiver) {
    for (int i = 0; i < BATCH; i++) {
      long message = (long) i * MESSAGE_BYTES;
      messages.set(JAVA_LONG, message + MESSAGE_CONTROL_LENGTH, CONTROL_BYTES);
    }
    int read = Calls.receiveMany(socket, messages, BATCH, MSG_DONTWAIT);
    for (int i = 0; i < read; i++) {
      int length = messages.get(JAVA_INT, (long) i * MESSAGE_BYTES + MESSAGE_RECEIVED);
      long time = (long) i * CONTROL_BYTES + CONTROL_VALUE;
      long arrived = controls.get(JAVA_LONG, time) * 1_000_000_000L;
      arrived += controls.get(JAVA_LONG, time + 8);
      receiver.receive(socket, datagrams, (long) i * DATAGRAM_BYTES, length, arrived);
    }
  }

  void close(int socket) {
    Calls.close(socket);
  }

  /** Sockets that are still open stay so. */
  @Override
  public void close() {
    Calls.close(epoll);
    arena.close();
  }

  private static int checked(String call, int result) {
    if (result < 0) {
      throw new IllegalStateException("the kernel refused " + call);
    }
    return result;
  }

  /** libc's functions, as they are. */
  private static final class Calls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SOCKET = of("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = of("bind", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CONNECT = of("connect", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle NAME = of("getsockname", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle OPTION =
        of("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CREATE = of("epoll_create1", JAVA_INT);
    private static final MethodHandle CONTROL =
        of("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle WAIT =
        of("epoll_pwait2", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle RECEIVE =
        of("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle SEND = of("send", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CLOSE = of("close", JAVA_INT);

    @SuppressWarnings("restricted") // these are libc's own signatures
    private static MethodHandle of(String name, MemoryLayout... arguments) {
      return LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    static int socket(int domain, int type, int protocol) {
      try {
        return (int) SOCKET.invokeExact(domain, type, protocol);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    static int bind(int socket, MemorySegment address, int length) {
      try {
        return (int) BIND.invokeExact(socket, address, length);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    static int connect(int socket, MemorySegment address, int length) {
      try {
        return (int) CONNECT.invokeExact(socket, address, length);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    static int socketName(int socket, MemorySegment address, MemorySegment length) {
      try {
        return (int) NAME.invokeExact(socket, address, length);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    static int option(int socket, int level, int name, MemorySegment value, int length) {
      try {
        return (int) OPTION.invokeExact(socket, level, name, value, length);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    static int epollCreate() {
      try {
        return (int) CREATE.invokeExact(0);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    static int epollControl(int epoll, int operation, int socket, MemorySegment event) {
      try {
        return (int) CONTROL.invokeExact(epoll, operation, socket, event);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    static int epollWait(int epoll, MemorySegment events, int count, MemorySegment timeout) {
      try {
        return (int) WAIT.invokeExact(epoll, events, count, timeout, MemorySegment.NULL);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    static int receiveMany(int socket, MemorySegment messages, int count, int flags) {
      try {
        return (int) RECEIVE.invokeExact(socket, messages, count, flags, MemorySegment.NULL);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    static int send(int socket, MemorySegment bytes, long length, int flags) {
      try {
        return (int) SEND.invokeExact(socket, bytes, length, flags);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    static void close(int socket) {
      try {
        int ignored = (int) CLOSE.invokeExact(socket);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    private static IllegalStateException failed(Throwable e) {
      return new IllegalStateException("a call of libc failed", e);
    }
  }
}
