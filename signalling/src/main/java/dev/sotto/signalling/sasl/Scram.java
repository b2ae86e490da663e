package dev.sotto.signalling.sasl;

import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.AuthenticatedUser;
import dev.sotto.signalling.auth.AuthenticatedUser.Proof;
import dev.sotto.signalling.auth.ScramHash;
import dev.sotto.signalling.auth.ScramKeys;
import dev.sotto.signalling.auth.UserName;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.sasl.Gs2Header.Binding;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * SCRAM-SHA-1 and SCRAM-SHA-256, each with and without channel binding, as their server (RFC 5802,
 * RFC 7677). Waits for the client's first message. Accounts that do not exist are challenged as if
 * they did, always in the same way, and fail as those do whose password is wrong.
 *
 * @param plus whether the client chose the mechanism that binds the channel
 * @param plusOffered whether it could have
 * @param nonces fresh printable text without commas, unpredictable
 */
record Scram(
    ScramHash hash,
    boolean plus,
    boolean plusOffered,
    Accounts accounts,
    SaslChannel channel,
    Supplier<String> nonces)
    implements SaslExchange {

  private static final byte[] NOTHING = {};

  @Override
  public Step respond(byte[] message) {
    Optional<ScramMessages.First> first = ScramMessages.First.parse(message);
    if (first.isEmpty()) {
      return Step.refused(
          SaslCondition.MALFORMED_REQUEST, "not the first message of SCRAM (RFC 5802 section 7)");
    }
    return switch (first.get().header().binding()) {
      case Binding.Bound(String type) when plus -> bound(first.get(), type);
      case Binding.Unsupported() when !plus -> challengeAfterLookUp(first.get(), NOTHING);
      // RFC 5802 section 6: somebody between us took the better mechanisms out of our list.
      case Binding.Unused() when !plus && plusOffered ->
          notBound(
              SaslCondition.NOT_AUTHORIZED,
              "this server does bind channels: was its list of mechanisms changed on the way?");
      case Binding.Unused() when !plus -> challengeAfterLookUp(first.get(), NOTHING);
      default ->
          notBound(
              SaslCondition.MALFORMED_REQUEST,
              "the flag for channel binding does not fit the mechanism (RFC 5802 section 6)");
    };
  }

  private Step bound(ScramMessages.First first, String type) {
    return ChannelBindingType.of(type)
        .flatMap(channel.bindings())
        .map(data -> challengeAfterLookUp(first, data))
        .orElseGet(() ->
            notBound(
                SaslCondition.MALFORMED_REQUEST,
                "this kind of channel binding is not offered here (XEP-0440)"));
  }

  /** Nothing was said of a password yet, so the client may choose again. */
  private static Step notBound(SaslCondition condition, String text) {
    return new Step.Refused(condition, text, false);
  }

  private Step challengeAfterLookUp(ScramMessages.First first, byte[] bindingData) {
    return new Step.Slow(() -> challenge(first, bindingData));
  }

  private Step challenge(ScramMessages.First first, byte[] bindingData) {
    // A name that no account can have is challenged like one that none has.
    Jid account =
        UserName.account(first.name(), channel.domain())
            .orElseGet(() -> new Jid("\0" + first.name(), channel.domain(), ""));
    long revision = accounts.revision();
    List<ScramKeys> keys = accounts.challengeKeys(account, hash);
    String nonce = first.nonce() + nonces.get();
    String challenge =
        "r=" + nonce + ",s=" + keys.getFirst().saltBase64() + ",i=" + keys.getFirst().iterations();
    return new Step.Challenge(
        challenge,
        new AwaitingProof(first, bindingData, account, keys, revision, nonce, challenge));
  }

  /** Waits for the client's proof. A class, since it holds bytes. */
  private static final class AwaitingProof implements SaslExchange {
    private final ScramMessages.First first;
    private final byte[] bindingData;
    private final Jid account;
    private final List<ScramKeys> keys;
    private final long revision;
    private final String nonce;
    private final String challenge;

    AwaitingProof(
        ScramMessages.First first,
        byte[] bindingData,
        Jid account,
        List<ScramKeys> keys,
        long revision,
        String nonce,
        String challenge) {
      this.first = first;
      this.bindingData = bindingData;
      this.account = account;
      this.keys = keys;
      this.revision = revision;
      this.nonce = nonce;
      this.challenge = challenge;
    }

    @Override
    public Step respond(byte[] message) {
      Optional<ScramMessages.Final> parsed = ScramMessages.Final.parse(message);
      Optional<byte[]> proof = parsed.flatMap(last -> SaslText.decodeBase64(last.proof()));
      Optional<byte[]> binding = parsed.flatMap(last -> SaslText.decodeBase64(last.binding()));
      if (proof.isEmpty() || binding.isEmpty()) {
        return Step.refused(
            SaslCondition.MALFORMED_REQUEST, "not the last message of SCRAM (RFC 5802 section 7)");
      }
      boolean sameNonce =
          MessageDigest.isEqual(ascii(parsed.get().nonce()), ascii(nonce)); // or it is a replay
      boolean sameChannel = MessageDigest.isEqual(binding.get(), expectedBinding());
      byte[] authMessage =
          (first.bare() + "," + challenge + "," + parsed.get().withoutProof())
              .getBytes(StandardCharsets.UTF_8);
      Optional<ScramKeys> proven =
          keys.stream().filter(key -> key.isProvenBy(proof.get(), authMessage)).findFirst();
      if (proven.isEmpty() || !sameNonce || !sameChannel) {
        return Step.refused(
            SaslCondition.NOT_AUTHORIZED, "user, password or channel is not the right one");
      }
      String authorizationId = first.header().authorizationId();
      if (!authorizationId.isEmpty() && !UserName.names(authorizationId, account)) {
        return Step.refused(SaslCondition.INVALID_AUTHZID, "users act for themselves");
      }
      byte[] signature = proven.get().serverSignature(authMessage);
      return new Step.Success(
          new AuthenticatedUser(
              account.local(), account.domain(), new Proof.Password(proven.get(), revision)),
          Optional.of("v=" + Base64.getEncoder().encodeToString(signature)));
    }

    private byte[] expectedBinding() {
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      expected.writeBytes(first.header().text().getBytes(StandardCharsets.UTF_8));
      expected.writeBytes(bindingData);
      return expected.toByteArray();
    }

    private static byte[] ascii(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
