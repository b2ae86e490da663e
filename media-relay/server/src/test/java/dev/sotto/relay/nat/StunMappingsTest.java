package dev.sotto.relay.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sotto.media.ice.AddressMapping;
import dev.sotto.media.ice.CandidateType;
import dev.sotto.relay.control.Candidate;
import dev.sotto.relay.control.LocalTransport;
import dev.sotto.relay.testkit.Peer;
import dev.sotto.relay.testkit.RelayWorld;
import dev.sotto.relay.worker.RelaySettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StunMappingsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress OUTSIDE = InetAddress.ofLiteral("203.0.113.7");
  private static final long PATIENCE_SECONDS = 30;

  @Test
  void a_stun_server_tells_the_public_address() throws Exception {
    try (StunServer server = new StunServer(OUTSIDE, true)) {
      assertThat(new StunMappings(List.of(LOOPBACK), List.of(server.address())).discover())
          .containsExactly(new AddressMapping(LOOPBACK, OUTSIDE, CandidateType.SERVER_REFLEXIVE));
    }
  }

  @Test
  void a_name_that_dns_does_not_know_and_one_of_another_family_are_passed_over() throws Exception {
    try (StunServer server = new StunServer(OUTSIDE, true)) {
      List<InetSocketAddress> servers =
          List.of(
              InetSocketAddress.createUnresolved("stun.invalid", 3478),
              new InetSocketAddress(InetAddress.ofLiteral("::1"), server.address().getPort()),
              server.address());
      assertThat(new StunMappings(List.of(LOOPBACK), servers).discover())
          .extracting(AddressMapping::exposed)
          .containsExactly(OUTSIDE);
    }
  }

  @Test
  void an_endpoint_is_told_the_address_outside_in_place_of_the_own_one() throws Exception {
    try (StunServer server = new StunServer(OUTSIDE, true);
        RelayWorld world = new RelayWorld(askingAt(server))) {
      world.create("c");
      Peer peer = world.peer();
      LocalTransport told = world.invite("c", "alice", peer, 1);
      assertThat(told.candidates())
          .extracting(Candidate::address, Candidate::port, Candidate::type)
          .containsExactly(
              tuple(
                  "203.0.113.7",
                  world.relay().addresses().getFirst().getPort(),
                  Candidate.Type.SRFLX));
    }
  }

  private static RelaySettings askingAt(StunServer server) {
    RelaySettings usual = RelaySettings.on(List.of(LOOPBACK), 0, 1);
    return new RelaySettings(
        usual.listenAddresses(),
        usual.firstPort(),
        usual.workers(),
        Optional.empty(),
        List.of(server.address()),
        usual.socketBufferBytes(),
        usual.queuedPackets(),
        usual.handshakes(),
        usual.conference(),
        usual.limits(),
        usual.transportLimits());
  }

  @Test
  void it_is_looked_for_until_it_is_found() throws Exception {
    BlockingQueue<List<AddressMapping>> found = new LinkedBlockingQueue<>();
    BlockingQueue<List<AddressMapping>> looks = new LinkedBlockingQueue<>();
    AddressMapping mapping = new AddressMapping(LOOPBACK, OUTSIDE, CandidateType.SERVER_REFLEXIVE);
    looks.addAll(List.of(List.of(), List.of(), List.of(mapping)));
    try (MappingSearch search =
        MappingSearch.start(looks::remove, Duration.ofMillis(1), found::add)) {
      search.awaitFirst(Duration.ofSeconds(PATIENCE_SECONDS));
      assertThat(found.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).containsExactly(mapping);
      assertThat(looks).isEmpty();
    }
  }

  @Test
  void a_start_does_not_wait_for_a_server_that_is_silent() throws Exception {
    try (StunServer silent = new StunServer(OUTSIDE, false);
        RelayWorld world = new RelayWorld(askingAt(silent))) {
      world.create("c");
      LocalTransport told = world.invite("c", "alice", world.peer(), 1);
      assertThat(told.candidates()).extracting(Candidate::address).containsExactly("127.0.0.1");
      // It answers while the harvester still asks, so what comes late is taken up.
      silent.wakeUp();
      RelayWorld.await(
          "the address outside",
          () ->
              world.relay().addresses().stream()
                  .anyMatch(address -> address.getAddress().equals(OUTSIDE)));
      assertThat(world.invite("c", "bob", world.peer(), 2).candidates())
          .extracting(Candidate::address)
          .containsExactly("203.0.113.7");
    }
  }
}
