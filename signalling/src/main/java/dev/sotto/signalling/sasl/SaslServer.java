package dev.sotto.signalling.sasl;

import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.ScramHash;
import dev.sotto.signalling.auth.TokenVerifier;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Knows the mechanisms: which a connection is offered, and how each begins. Thread-safe. */
public final class SaslServer {

  private static final String PLUS = "-PLUS";
  private static final String PLAIN = "PLAIN";
  private static final String OAUTH_BEARER = "OAUTHBEARER";
  private static final int NONCE_BYTES = 18;

  private final TokenCheck tokens;
  private final Accounts accounts;
  private final Function<String, SaslMethods> methods;
  private final boolean channelBinding;
  private final RandomGenerator random;

  /**
   * @param methods by what the users of a domain log in
   * @param channelBinding whether mechanisms with channel binding are offered at all
   * @param random must be unpredictable
   */
  public SaslServer(
      TokenVerifier tokens,
      Accounts accounts,
      Function<String, SaslMethods> methods,
      boolean channelBinding,
      RandomGenerator random) {
    this.tokens = new TokenCheck(tokens);
    this.accounts = accounts;
    this.methods = methods;
    this.channelBinding = channelBinding;
    this.random = random;
  }

  /** The mechanisms for this connection, best first; none where secrets would be seen. */
  public List<String> mechanisms(SaslChannel channel) {
    List<String> names = new ArrayList<>();
    if (!channel.confidential()) {
      return names;
    }
    SaslMethods allowed = methods.apply(channel.domain());
    if (allowed.passwords()) {
      List<ScramHash> hashes = List.of(ScramHash.SHA_256, ScramHash.SHA_1);
      if (!bindingTypes(channel).isEmpty()) {
        hashes.forEach(hash -> names.add(hash.mechanism() + PLUS));
      }
      hashes.forEach(hash -> names.add(hash.mechanism()));
    }
    if (allowed.tokens()) {
      names.add(OAUTH_BEARER);
    }
    names.add(PLAIN);
    return names;
  }

  /** What a mechanism of this connection may bind to (XEP-0440), empty if none does. */
  public List<ChannelBindingType> bindingTypes(SaslChannel channel) {
    boolean bindable =
        channelBinding && channel.confidential() && methods.apply(channel.domain()).passwords();
    return bindable ? channel.bindingTypes() : List.of();
  }

  /** Begins an exchange; empty if the mechanism was not offered. */
  public Optional<SaslExchange> begin(String mechanism, SaslChannel channel) {
    List<String> offered = mechanisms(channel);
    if (!offered.contains(mechanism)) {
      return Optional.empty();
    }
    return Optional.of(
        switch (mechanism) {
          case PLAIN -> new Plain(methods.apply(channel.domain()), tokens, accounts, channel);
          case OAUTH_BEARER -> new OAuthBearer(tokens, channel);
          default -> scram(mechanism, channel, offered);
        });
  }

  private SaslExchange scram(String mechanism, SaslChannel channel, List<String> offered) {
    boolean plus = mechanism.endsWith(PLUS);
    String name = plus ? mechanism.substring(0, mechanism.length() - PLUS.length()) : mechanism;
    ScramHash hash = ScramHash.ofMechanism(name).orElseThrow();
    return new Scram(hash, plus, offered.contains(name + PLUS), accounts, channel, this::newNonce);
  }

  private String newNonce() {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return Base64.getEncoder().encodeToString(nonce);
  }
}
