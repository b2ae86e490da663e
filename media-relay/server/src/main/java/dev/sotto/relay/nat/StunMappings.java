package dev.sotto.relay.nat;

import dev.sotto.media.ice.AddressMapping;
import dev.sotto.media.ice.AddressMappingSource;
import dev.sotto.media.ice.CandidateType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.harvest.StunMappingCandidateHarvester;

/**
 * Asks STUN servers (RFC 8489) how own addresses look from outside, with ice4j's mapping harvester:
 * one request a server from a port that the kernel picks. The NAT must map ports one to one, as
 * those of clouds do; one that does not cannot be told from that, and needs a configured address.
 */
public final class StunMappings implements AddressMappingSource {
  private final List<InetAddress> own;
  private final List<InetSocketAddress> servers;

  /**
   * @param own addresses that the relay is bound to
   * @param servers asked in this order, until one answers; resolved at each look
   */
  public StunMappings(List<InetAddress> own, List<InetSocketAddress> servers) {
    this.own = List.copyOf(own);
    this.servers = List.copyOf(servers);
  }

  /** Takes some eight seconds for each server that does not answer. */
  @Override
  public List<AddressMapping> discover() {
    List<AddressMapping> found = new ArrayList<>();
    for (InetAddress address : own) {
      outside(address)
          .map(exposed -> new AddressMapping(address, exposed, CandidateType.SERVER_REFLEXIVE))
          .ifPresent(found::add);
    }
    return found;
  }

  private Optional<InetAddress> outside(InetAddress address) {
    return servers.stream()
        .map(server -> new InetSocketAddress(server.getHostString(), server.getPort()))
        .filter(server -> !server.isUnresolved())
        .filter(server -> server.getAddress().getClass().equals(address.getClass()))
        .flatMap(server -> ask(address, server).stream())
        .findFirst();
  }

  private static Optional<InetAddress> ask(InetAddress address, InetSocketAddress server) {
    StunMappingCandidateHarvester harvester =
        new StunMappingCandidateHarvester(
            new TransportAddress(address, 0, Transport.UDP),
            new TransportAddress(server, Transport.UDP));
    harvester.discover();
    return Optional.ofNullable(harvester.getMask()).map(TransportAddress::getAddress);
  }
}
