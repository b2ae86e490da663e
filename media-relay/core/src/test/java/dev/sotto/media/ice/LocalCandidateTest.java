package dev.sotto.media.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8445 section 5: the relay's candidates")
class LocalCandidateTest {
  private static final InetSocketAddress IPV4 = IceWorld.address("10.0.0.5", 10_000);
  private static final InetSocketAddress IPV6 = IceWorld.address("2001:db8::5", 10_000);

  @Test
  void section_5_1_2_1_a_host_candidate_has_the_highest_priority_there_is() {
    List<LocalCandidate> candidates = LocalCandidate.of(List.of(IPV4), List.of());

    assertThat(candidates).hasSize(1);
    assertThat(candidates.getFirst().priority()).isEqualTo((126L << 24) + (65_535L << 8) + 255);
    assertThat(candidates.getFirst().address()).isEqualTo(IPV4);
    assertThat(candidates.getFirst().related()).isEmpty();
  }

  @Test
  void rfc_8421_ipv6_goes_before_ipv4_and_no_two_are_equal() {
    List<LocalCandidate> candidates = LocalCandidate.of(List.of(IPV4, IPV6), List.of());

    assertThat(candidates).extracting(LocalCandidate::address).containsExactly(IPV6, IPV4);
    assertThat(candidates.get(0).priority()).isGreaterThan(candidates.get(1).priority());
    assertThat(candidates.get(0).foundation()).isNotEqualTo(candidates.get(1).foundation());
  }

  @Test
  void a_configured_public_address_stands_in_place_of_the_private_one() {
    AddressMapping mapping = mapping("10.0.0.5", "203.0.113.5", CandidateType.HOST);

    List<LocalCandidate> candidates = LocalCandidate.of(List.of(IPV4, IPV6), List.of(mapping));

    assertThat(candidates)
        .extracting(LocalCandidate::address)
        .containsExactly(IPV6, IceWorld.address("203.0.113.5", 10_000));
    assertThat(candidates.get(1).type()).isEqualTo(CandidateType.HOST);
    assertThat(candidates.get(1).related()).isEmpty();
  }

  @Test
  void section_5_1_2_2_a_learned_one_is_reflexive_and_below_every_host() {
    AddressMapping mapping = mapping("10.0.0.5", "203.0.113.5", CandidateType.SERVER_REFLEXIVE);

    LocalCandidate candidate = LocalCandidate.of(List.of(IPV4), List.of(mapping)).getFirst();

    assertThat(candidate.type()).isEqualTo(CandidateType.SERVER_REFLEXIVE);
    assertThat(candidate.priority() >>> 24).isEqualTo(100);
    assertThat(candidate.related()).contains(IPV4);
  }

  @Test
  void two_local_addresses_behind_one_public_address_are_one_candidate() {
    InetSocketAddress second = IceWorld.address("10.0.0.6", 10_000);

    assertThat(
            LocalCandidate.of(
                List.of(IPV4, second),
                List.of(
                    mapping("10.0.0.5", "203.0.113.5", CandidateType.HOST),
                    mapping("10.0.0.6", "203.0.113.5", CandidateType.HOST))))
        .hasSize(1);
  }

  @Test
  void a_wildcard_is_no_candidate_and_families_are_not_mapped_to_each_other() {
    assertThatThrownBy(
            () -> LocalCandidate.of(List.of(IceWorld.address("0.0.0.0", 10_000)), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0.0.0.0");
    assertThatThrownBy(() -> mapping("10.0.0.5", "2001:db8::1", CandidateType.HOST))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void credentials_have_the_characters_and_lengths_of_rfc_8839() {
    assertThatThrownBy(() -> new IceCredentials("abc", "p".repeat(22)))
        .hasMessageContaining("ufrag");
    assertThatThrownBy(() -> new IceCredentials("abcd", "p".repeat(21)))
        .hasMessageContaining("password");
    assertThatThrownBy(() -> new IceCredentials("ab:d", "p".repeat(22)))
        .hasMessageContaining("ufrag");
    IceCredentials made = IceCredentials.generate(new IceWorld().random);
    assertThat(made.ufrag()).hasSize(8);
    assertThat(made.password()).hasSize(24);
    assertThat(made).asString().doesNotContain(made.password());
  }

  private static AddressMapping mapping(String local, String exposed, CandidateType type) {
    return new AddressMapping(InetAddress.ofLiteral(local), InetAddress.ofLiteral(exposed), type);
  }
}
