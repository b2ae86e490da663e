package dev.sotto.turn.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Peer policy")
class PeerPolicyTest {
  private final HostPorts hostPorts = new HostPorts();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "1.1.1.1",
        "93.184.216.34",
        "172.15.0.1",
        "172.32.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450::1",
        "64:ff9b::808:808",
        "2002:808:808::1",
        "2001:0:808:808::f7f7:f7f7"
      })
  void allows_global_unicast_addresses_and_wrapped_ones(String address) {
    assertThat(policy().judge(IpAddress.parse(address))).isEqualTo(PeerVerdict.ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.9",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255"
      })
  void refuses_every_ipv4_address_that_is_not_global_unicast(String address) {
    assertThat(policy().judge(IpAddress.parse(address))).isEqualTo(PeerVerdict.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "100::1",
        "2001:db8::9",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "3fff::1",
        "5f00::1",
        "4000::1"
      })
  void refuses_every_ipv6_address_that_is_not_global_unicast(String address) {
    assertThat(policy().judge(IpAddress.parse(address))).isEqualTo(PeerVerdict.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8", // mapped
        "::127.0.0.1",
        "::8.8.8.8", // compatible
        "::ffff:0:127.0.0.1",
        "::ffff:0:8.8.8.8", // translated
        "64:ff9b::10.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::169.254.169.254", // NAT64 well-known
        "64:ff9b:1::10.0.0.1",
        "64:ff9b:1::8.8.8.8", // NAT64 local
        "2002:a00:1::1",
        "2002:7f00:1::1",
        "2002:c0a8:101::1", // 6to4
        "2001:0:a00:1::f7f7:f7f7",
        "2001:0:808:808::f5ff:fffe", // Teredo, server and client
        "2a00:1450::5efe:a00:1",
        "2a00:1450::200:5efe:7f00:1" // ISATAP
      })
  void refuses_ipv4_addresses_that_hide_in_ipv6_addresses(String address) {
    assertThat(policy().judge(IpAddress.parse(address))).isEqualTo(PeerVerdict.REFUSED);
  }

  @Test
  void refuses_this_hosts_addresses_even_global_ones() {
    PeerPolicy policy = policyOf(List.of(), List.of(), "5.6.7.8", "2a00::5");
    assertThat(policy.judge(IpAddress.parse("5.6.7.8"))).isEqualTo(PeerVerdict.REFUSED);
    assertThat(policy.judge(IpAddress.parse("2a00::5"))).isEqualTo(PeerVerdict.REFUSED);
    assertThat(policy.judge(IpAddress.parse("64:ff9b::5.6.7.8"))).isEqualTo(PeerVerdict.REFUSED);
    assertThat(policy.judge(IpAddress.parse("2002:506:708::1"))).isEqualTo(PeerVerdict.REFUSED);
    assertThat(policy.judge(IpAddress.parse("5.6.7.9"))).isEqualTo(PeerVerdict.ALLOWED);
  }

  @Test
  void an_own_address_with_open_ports_is_reachable_on_these_ports_only() {
    PeerPolicy policy = policyOf(List.of(), List.of(), "5.6.7.8");
    InetSocketAddress open = new InetSocketAddress(InetAddress.ofLiteral("5.6.7.8"), 10_000);
    HostPorts.Registration registration = hostPorts.open(open);

    PeerVerdict verdict = policy.judge(IpAddress.parse("5.6.7.8"));
    assertThat(verdict).isEqualTo(PeerVerdict.OPEN_HOST_PORTS_ONLY);
    assertThat(policy.isReachable(verdict, open)).isTrue();
    assertThat(policy.isReachable(verdict, new InetSocketAddress(open.getAddress(), 22))).isFalse();
    registration.close();
    registration.close();
    assertThat(policy.isReachable(verdict, open)).isFalse();
    assertThat(policy.judge(IpAddress.parse("5.6.7.8"))).isEqualTo(PeerVerdict.REFUSED);
  }

  @Test
  void the_allow_list_opens_private_peers_and_the_deny_list_closes_global_ones() {
    PeerPolicy policy =
        policyOf(List.of("10.1.0.0/16", "fd00::/8"), List.of("8.8.8.0/24", "10.1.2.3"));
    assertThat(policy.judge(IpAddress.parse("10.1.9.9"))).isEqualTo(PeerVerdict.ALLOWED);
    assertThat(policy.judge(IpAddress.parse("fd00::7"))).isEqualTo(PeerVerdict.ALLOWED);
    assertThat(policy.judge(IpAddress.parse("10.2.0.1"))).isEqualTo(PeerVerdict.REFUSED);
    assertThat(policy.judge(IpAddress.parse("10.1.2.3"))).isEqualTo(PeerVerdict.REFUSED);
    assertThat(policy.judge(IpAddress.parse("8.8.8.8"))).isEqualTo(PeerVerdict.REFUSED);
    assertThat(policy.judge(IpAddress.parse("64:ff9b::8.8.8.8"))).isEqualTo(PeerVerdict.REFUSED);
  }

  @Test
  void an_allowed_block_does_not_open_this_hosts_own_address_in_it_but_naming_the_address_does() {
    assertThat(
            policyOf(List.of("10.0.0.0/8"), List.of(), "10.0.0.5")
                .judge(IpAddress.parse("10.0.0.5")))
        .isEqualTo(PeerVerdict.REFUSED);
    assertThat(
            policyOf(List.of("0.0.0.0/0", "::/0"), List.of()).judge(IpAddress.parse("127.0.0.1")))
        .isEqualTo(PeerVerdict.REFUSED);
    assertThat(policyOf(List.of("::/0"), List.of()).judge(IpAddress.parse("::ffff:127.0.0.1")))
        .isEqualTo(PeerVerdict.REFUSED);
    assertThat(policyOf(List.of("127.0.0.1"), List.of()).judge(IpAddress.parse("127.0.0.1")))
        .isEqualTo(PeerVerdict.ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "::/129",
        "10.0.0/8",
        "localhost",
        "10.0.0.0/",
        "10.0.0.0/x"
      })
  void text_that_is_no_address_block_is_refused_by_name(String text) {
    assertThatThrownBy(() -> Cidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  private PeerPolicy policy() {
    return policyOf(List.of(), List.of());
  }

  private PeerPolicy policyOf(List<String> allow, List<String> deny, String... own) {
    return new PeerPolicy(
        allow.stream().map(Cidr::parse).toList(),
        deny.stream().map(Cidr::parse).toList(),
        new OwnAddresses(Stream.of(own).map(InetAddress::ofLiteral).toList()),
        hostPorts);
  }
}
