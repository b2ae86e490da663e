package dev.sotto.benchmarks.relay;

import dev.sotto.media.ice.IceCredentials;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The controlling side of ICE with one pair of candidates (RFC 8445): nominates it with every
 * check, answers the checks of a peer that is no lite agent, and keeps consent (RFC 7675). Bytes
 * in, bytes out; when to send is the owner's to know.
 */
final class IceAgent {

  /** A host candidate's, of component 1. */
  static final int PRIORITY = 126 << 24 | 65535 << 8 | 255;

  /** The highest tie-breaker keeps the controlling role in every conflict (section 7.3.1.1). */
  private static final long TIE_BREAKER = -1L;

  /** 487 in the form of ERROR-CODE: class and number. */
  private static final int ROLE_CONFLICT = 4 << 8 | 87;

  private final IceCredentials local;
  private final IceCredentials remote;
  private final RandomGenerator random;
  private byte[] transaction = {};
  private boolean connected;

  IceAgent(IceCredentials local, IceCredentials remote, RandomGenerator random) {
    this.local = local;
    this.remote = remote;
    this.random = random;
  }

  /** A check that nominates; the answer to an earlier one does not count any more. */
  byte[] check() {
    transaction = new byte[StunMessage.TRANSACTION_BYTES];
    random.nextBytes(transaction);
    return StunMessage.begin(StunMessage.BINDING_REQUEST, transaction)
        .with(StunMessage.USERNAME, remote.ufrag() + ":" + local.ufrag())
        .withInt(StunMessage.PRIORITY, PRIORITY)
        .withLong(StunMessage.ICE_CONTROLLING, TIE_BREAKER)
        .with(StunMessage.USE_CANDIDATE, "")
        .signed(remote.password());
  }

  /** Takes a message from the peer's address; what is to be answered, if anything. */
  Optional<byte[]> receive(byte[] bytes, InetSocketAddress from) {
    return StunMessage.read(bytes)
        .flatMap(message ->
            switch (message.type()) {
              case StunMessage.BINDING_REQUEST -> answer(message, from);
              case StunMessage.BINDING_SUCCESS -> {
                confirm(message);
                yield Optional.empty();
              }
              default -> Optional.empty();
            });
  }

  private Optional<byte[]> answer(StunMessage request, InetSocketAddress from) {
    Optional<byte[]> user = request.get(StunMessage.USERNAME);
    byte[] expected = (local.ufrag() + ":").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    boolean isForUs =
        user.filter(name ->
                name.length > expected.length
                    && Arrays.equals(Arrays.copyOf(name, expected.length), expected))
            .isPresent();
    if (!isForUs || !request.isSignedWith(local.password())) {
      return Optional.empty();
    }
    if (request.get(StunMessage.ICE_CONTROLLING).isPresent()) {
      return Optional.of(
          StunMessage.begin(StunMessage.BINDING_ERROR, request.transaction())
              .withInt(StunMessage.ERROR_CODE, ROLE_CONFLICT)
              .signed(local.password()));
    }
    return Optional.of(
        StunMessage.begin(StunMessage.BINDING_SUCCESS, request.transaction())
            .withAddress(from)
            .signed(local.password()));
  }

  private void confirm(StunMessage response) {
    if (Arrays.equals(response.transaction(), transaction)
        && response.isSignedWith(remote.password())) {
      connected = true;
    }
  }

  /** Whether a check of ours was answered by who knows the password. */
  boolean isConnected() {
    return connected;
  }
}
