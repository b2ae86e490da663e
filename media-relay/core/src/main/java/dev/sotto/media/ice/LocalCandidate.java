package dev.sotto.media.ice;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A UDP address at which the relay can be reached, of the one component that BUNDLE and rtcp-mux
 * leave (RFC 8445 section 5.2: lite agents).
 *
 * @param foundation equal for candidates of one type and base address (section 5.1.1.3)
 * @param priority section 5.1.2.1; 1 to 2^31 - 1
 * @param related the local address behind a reflexive one
 */
public record LocalCandidate(
    String foundation,
    long priority,
    CandidateType type,
    InetSocketAddress address,
    Optional<InetSocketAddress> related) {
  public static final int COMPONENT = 1;

  private static final int HIGHEST_LOCAL_PREFERENCE = 65_535;

  /**
   * The candidates of a worker: IPv6 before IPv4 (RFC 8421), then as given. A mapped address stands
   * in place of the local one, which tells the world about the operator's network and is reached by
   * nobody outside.
   *
   * @param bound addresses and port that the worker receives on, no wildcards
   * @throws IllegalArgumentException when one is a wildcard or multicast
   */
  public static List<LocalCandidate> of(
      List<InetSocketAddress> bound, List<AddressMapping> mappings) {
    Map<InetSocketAddress, LocalCandidate> candidates = new LinkedHashMap<>();
    List<InetSocketAddress> ordered = new ArrayList<>(bound);
    ordered.sort((a, b) -> Boolean.compare(isIpv4(a), isIpv4(b)));
    for (InetSocketAddress local : ordered) {
      requireHost(local.getAddress());
      int preference = HIGHEST_LOCAL_PREFERENCE - candidates.size();
      String foundation = Integer.toString(candidates.size() + 1);
      LocalCandidate candidate =
          mappings.stream()
              .filter(mapping -> mapping.local().equals(local.getAddress()))
              .findFirst()
              .map(mapping -> mapped(foundation, preference, local, mapping))
              .orElseGet(() -> host(foundation, preference, local));
      candidates.putIfAbsent(candidate.address, candidate);
    }
    return List.copyOf(candidates.values());
  }

  static void requireHost(InetAddress address) {
    if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
      throw new IllegalArgumentException(
          address.getHostAddress() + " is not the address of a host");
    }
  }

  private static LocalCandidate mapped(
      String foundation, int preference, InetSocketAddress local, AddressMapping mapping) {
    InetSocketAddress exposed = new InetSocketAddress(mapping.exposed(), local.getPort());
    Optional<InetSocketAddress> related =
        mapping.type() == CandidateType.HOST ? Optional.empty() : Optional.of(local);
    return new LocalCandidate(
        foundation, priority(mapping.type(), preference), mapping.type(), exposed, related);
  }

  private static LocalCandidate host(String foundation, int preference, InetSocketAddress local) {
    return new LocalCandidate(
        foundation,
        priority(CandidateType.HOST, preference),
        CandidateType.HOST,
        local,
        Optional.empty());
  }

  private static long priority(CandidateType type, int localPreference) {
    return ((long) type.preference() << 24) + ((long) localPreference << 8) + (256 - COMPONENT);
  }

  private static boolean isIpv4(InetSocketAddress address) {
    return !(address.getAddress() instanceof Inet6Address);
  }
}
