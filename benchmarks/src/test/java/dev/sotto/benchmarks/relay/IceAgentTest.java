package dev.sotto.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.ice.IceCredentials;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IceAgentTest {

  private static final InetSocketAddress LOCAL = new InetSocketAddress("192.0.2.1", 4000);
  private static final byte[] TRANSACTION = new byte[StunMessage.TRANSACTION_BYTES];

  private final IceCredentials own = new IceCredentials("mine", "passwordOfTheClientSide");
  private final IceCredentials theirs = new IceCredentials("their", "passwordOfTheServerSide");
  private final IceAgent agent = new IceAgent(own, theirs, new SplittableRandom(1));

  @Test
  void a_check_nominates_and_is_signed_with_the_servers_password() {
    StunMessage check = StunMessage.read(agent.check()).orElseThrow();
    assertThat(check.isSignedWith(theirs.password())).isTrue();
    assertThat(check.get(StunMessage.USERNAME))
        .contains("their:mine".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertThat(check.get(StunMessage.USE_CANDIDATE)).isPresent();
    assertThat(check.get(StunMessage.ICE_CONTROLLING)).isPresent();
  }

  @Test
  void only_the_answer_to_the_newest_check_that_knows_the_password_connects() {
    byte[] older = StunMessage.read(agent.check()).orElseThrow().transaction();
    byte[] newest = StunMessage.read(agent.check()).orElseThrow().transaction();
    agent.receive(success(older, theirs.password()), LOCAL);
    agent.receive(success(newest, own.password()), LOCAL);
    assertThat(agent.isConnected()).isFalse();
    agent.receive(success(newest, theirs.password()), LOCAL);
    assertThat(agent.isConnected()).isTrue();
  }

  private static byte[] success(byte[] transaction, String password) {
    return StunMessage.begin(StunMessage.BINDING_SUCCESS, transaction)
        .withAddress(LOCAL)
        .signed(password);
  }

  @Test
  void a_servers_own_check_is_answered_under_our_password() {
    StunMessage answer =
        StunMessage.read(agent.receive(request("mine:their", false), LOCAL).orElseThrow())
            .orElseThrow();
    assertThat(answer.type()).isEqualTo(StunMessage.BINDING_SUCCESS);
    assertThat(answer.isSignedWith(own.password())).isTrue();
    assertThat(answer.get(StunMessage.XOR_MAPPED_ADDRESS)).isPresent();
  }

  @Test
  void a_server_that_wants_to_control_gets_487() {
    StunMessage answer =
        StunMessage.read(agent.receive(request("mine:their", true), LOCAL).orElseThrow())
            .orElseThrow();
    assertThat(answer.type()).isEqualTo(StunMessage.BINDING_ERROR);
    assertThat(answer.get(StunMessage.ERROR_CODE)).contains(new byte[] {0, 0, 4, 87});
  }

  @Test
  void checks_for_others_or_by_strangers_are_not_answered() {
    assertThat(agent.receive(request("other:their", false), LOCAL)).isEmpty();
    byte[] stranger =
        StunMessage.begin(StunMessage.BINDING_REQUEST, TRANSACTION)
            .with(StunMessage.USERNAME, "mine:their")
            .signed("a password that is guessed");
    assertThat(agent.receive(stranger, LOCAL)).isEmpty();
  }

  private byte[] request(String user, boolean controlling) {
    StunMessage request =
        StunMessage.begin(StunMessage.BINDING_REQUEST, TRANSACTION)
            .with(StunMessage.USERNAME, user)
            .withInt(StunMessage.PRIORITY, IceAgent.PRIORITY);
    if (controlling) {
      request.withLong(StunMessage.ICE_CONTROLLING, 1);
    }
    return request.signed(own.password());
  }
}
