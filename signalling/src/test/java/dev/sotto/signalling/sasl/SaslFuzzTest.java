package dev.sotto.signalling.sasl;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.TokenVerifier;
import dev.sotto.signalling.dialogue.SignIns;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.sasl.SaslExchange.Step;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;

/**
 * What clients say before anything is known of them. An input is the name of a mechanism and its
 * messages, a line each. In the normal test run the saved corpus is read once; the README says how
 * to search for longer.
 */
@DisplayName("No message makes a mechanism throw, and none lets in who knows no secret")
class SaslFuzzTest {

  private static final int MAX_MESSAGES = 4;
  private static final byte[] KEY =
      "a key that nobody can guess, 32 bytes".getBytes(StandardCharsets.US_ASCII);

  private final Accounts accounts = SignIns.noAccounts();
  private final SaslServer server =
      new SaslServer(
          new TokenVerifier(
              List.of(new OctetSequenceKey.Builder(KEY).algorithm(JWSAlgorithm.HS256).build()),
              Duration.ZERO,
              Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)),
          accounts,
          _ -> new SaslMethods(true, true),
          true,
          new Random(1));
  private final SaslChannel channel =
      new SaslChannel("example.org", true, _ -> Optional.of(new byte[] {1, 2, 3}));

  SaslFuzzTest() {
    accounts.create(new Jid("alice", "example.org", ""), "a password that nobody can guess");
  }

  @FuzzTest(maxDuration = "10m")
  void exchange(byte[] input) {
    List<byte[]> lines = lines(input);
    String mechanism = new String(lines.getFirst(), StandardCharsets.US_ASCII);
    Optional<SaslExchange> next = server.begin(mechanism, channel);
    for (byte[] message : lines.subList(1, Math.min(lines.size(), MAX_MESSAGES))) {
      if (next.isEmpty()) {
        return;
      }
      next =
          switch (Exchanges.say(next.get(), message)) {
            case Step.Challenge challenge -> {
              require(!SaslText.encodeBase64(challenge.data()).isEmpty());
              yield Optional.of(challenge.next());
            }
            case Step.Refused refused -> {
              require(!refused.condition().wireName().isEmpty() && !refused.text().isEmpty());
              yield Optional.empty();
            }
            case Step.Success success -> throw new AssertionError("let in " + success.user());
            case Step.Slow slow -> throw new AssertionError("still " + slow);
          };
    }
  }

  @FuzzTest(maxDuration = "10m")
  void base64(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    SaslText.decodeBase64(text)
        .ifPresent(bytes -> require(Base64.getEncoder().encodeToString(bytes).equals(text)));
  }

  private static List<byte[]> lines(byte[] input) {
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= input.length; i++) {
      if (i == input.length || input[i] == '\n') {
        lines.add(Arrays.copyOfRange(input, start, i));
        start = i + 1;
      }
    }
    return lines;
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError();
    }
  }
}
