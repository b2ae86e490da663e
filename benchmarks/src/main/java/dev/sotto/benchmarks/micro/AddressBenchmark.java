package dev.sotto.benchmarks.micro;

import dev.sotto.relay.transport.AddressTable;
import dev.sotto.relay.transport.RemoteKeys;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Whose datagram it is, by where it came from, among 10,000 endpoints in an order that no cache
 * foresees: {@link AddressTable} with its key, and what Java has for it.
 */
@State(Scope.Thread)
public class AddressBenchmark {

  static final int ENDPOINTS = 10_000;
  private static final int DATAGRAMS = 8192;
  private static final int HOST_BYTES = 4;
  private static final byte[] IPV6_PREFIX = {0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0};

  /** Of the addresses. */
  public enum Family {
    IPV4,
    IPV6
  }

  /** The table. */
  public enum Implementation {
    SOTTO,
    HASH_MAP
  }

  /** A table of endpoints, which are their numbers here. */
  private interface Table {
    int find(InetSocketAddress address);
  }

  private static final Integer ABSENT = -1;

  @Param private Implementation implementation;
  @Param private Family family;

  private final InetSocketAddress[] known = new InetSocketAddress[DATAGRAMS];
  private final InetSocketAddress[] strangers = new InetSocketAddress[DATAGRAMS];
  private Table table;
  private int next;

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    InetSocketAddress[] addresses = new InetSocketAddress[ENDPOINTS];
    Arrays.setAll(addresses, _ -> address(random, 10));
    table = implementation == Implementation.SOTTO ? sotto(addresses) : hashMap(addresses);
    for (int i = 0; i < DATAGRAMS; i++) {
      // Equal, and another object, as what comes from a socket is.
      InetSocketAddress one = addresses[random.nextInt(ENDPOINTS)];
      known[i] = new InetSocketAddress(one.getAddress(), one.getPort());
      strangers[i] = address(random, 11);
      if (table.find(known[i]) == ABSENT || table.find(strangers[i]) != ABSENT) {
        throw new IllegalStateException("the table does not find what it has");
      }
    }
  }

  private InetSocketAddress address(SplittableRandom random, int net) {
    byte[] host = {(byte) net, 0, 0, 0};
    for (int i = 1; i < HOST_BYTES; i++) {
      host[i] = (byte) random.nextInt();
    }
    try {
      InetAddress address =
          family == Family.IPV4
              ? Inet4Address.getByAddress(host)
              : InetAddress.getByAddress(ipv6(host));
      return new InetSocketAddress(address, random.nextInt(1024, 65_536));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("no address has such a length", e);
    }
  }

  private static byte[] ipv6(byte[] host) {
    byte[] address = Arrays.copyOf(IPV6_PREFIX, IPV6_PREFIX.length + HOST_BYTES);
    System.arraycopy(host, 0, address, IPV6_PREFIX.length, HOST_BYTES);
    return address;
  }

  private static Table sotto(InetSocketAddress[] addresses) {
    AddressTable<Integer> owners = new AddressTable<>();
    for (int i = 0; i < addresses.length; i++) {
      var _ = owners.put(RemoteKeys.of(0, addresses[i]), addresses[i], i);
    }
    return address -> owners.find(RemoteKeys.of(0, address), address, ABSENT);
  }

  private static Table hashMap(InetSocketAddress[] addresses) {
    Map<InetSocketAddress, Integer> owners = new HashMap<>();
    for (int i = 0; i < addresses.length; i++) {
      owners.put(addresses[i], i);
    }
    return address -> owners.getOrDefault(address, ABSENT);
  }

  @Benchmark
  public int hit() {
    return table.find(known[next++ & (DATAGRAMS - 1)]);
  }

  @Benchmark
  public int miss() {
    return table.find(strangers[next++ & (DATAGRAMS - 1)]);
  }
}
