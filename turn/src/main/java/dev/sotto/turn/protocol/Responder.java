package dev.sotto.turn.protocol;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.auth.Nonces;
import dev.sotto.turn.auth.PasswordAlgorithm;
import dev.sotto.turn.protocol.TransportCounters.Counter;
import dev.sotto.turn.relay.ClientLink;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.ErrorCode;
import dev.sotto.turn.stun.MessageIntegrity;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.stun.StunMessage;
import dev.sotto.turn.stun.StunWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * Writes and sends answers. Whatever goes to a source that has not authenticated is short and
 * counts against that source's budget; whatever goes to a user is protected with the user's key.
 */
final class Responder {
  /** Big enough for every answer, so that none grows its buffer. */
  private static final int ANSWER_BYTES = 512;

  /**
   * With a longer realm the challenge goes without its reason phrase, to stay below 3.6 times a
   * request's length.
   */
  private static final int SHORT_REALM_BYTES = 8;

  private final ByteBufAllocator buffers;
  private final MessageIntegrity integrity;
  private final Nonces nonces;
  private final ResponseBudget budget;
  private final Counters counters;
  private final String realm;
  private final boolean hasShortRealm;

  Responder(
      ByteBufAllocator buffers,
      MessageIntegrity integrity,
      Nonces nonces,
      ResponseBudget budget,
      Counters counters,
      String realm) {
    this.buffers = buffers;
    this.integrity = integrity;
    this.nonces = nonces;
    this.budget = budget;
    this.counters = counters;
    this.realm = realm;
    this.hasShortRealm = realm.getBytes(StandardCharsets.UTF_8).length <= SHORT_REALM_BYTES;
  }

  /** The answer to a Binding request: where it came from, and nothing else. */
  void binding(StunMessage message, InetSocketAddress client, ClientLink link, long nowNanos) {
    if (spend(client, link, nowNanos)) {
      counters.of(link.transport()).increment(Counter.BINDING_RESPONSES);
      unprotected(
          message,
          client,
          link,
          MessageType.successOf(message.type()),
          answer -> answer.xorAddress(AttributeType.XOR_MAPPED_ADDRESS, client));
    }
  }

  /** 401 or 438 with realm and a fresh nonce (RFC 8489 section 9.2.4). */
  void challenge(
      StunMessage message,
      InetSocketAddress client,
      ClientLink link,
      ErrorCode error,
      long nowNanos) {
    if (spend(client, link, nowNanos)) {
      counters.of(link.transport()).increment(Counter.CHALLENGES);
      unprotected(
          message,
          client,
          link,
          MessageType.errorOf(message.type()),
          answer ->
              answer
                  .errorCode(error, hasShortRealm ? error.reason() : "")
                  .text(AttributeType.REALM, realm)
                  .text(AttributeType.NONCE, nonces.issue(client))
                  .bytes(AttributeType.PASSWORD_ALGORITHMS, PasswordAlgorithm.offer()));
    }
  }

  /** An error to someone who has not authenticated. */
  void refuse(
      StunMessage message,
      InetSocketAddress client,
      ClientLink link,
      ErrorCode error,
      long nowNanos) {
    if (spend(client, link, nowNanos)) {
      counters.of(link.transport()).increment(Counter.ERROR_RESPONSES);
      unprotected(
          message,
          client,
          link,
          MessageType.errorOf(message.type()),
          answer -> answer.errorCode(error, ""));
    }
  }

  /** 420 to someone who has not authenticated. */
  void refuseUnknown(
      StunMessage message,
      InetSocketAddress client,
      ClientLink link,
      int[] unknown,
      long nowNanos) {
    if (spend(client, link, nowNanos)) {
      counters.of(link.transport()).increment(Counter.ERROR_RESPONSES);
      unprotected(
          message,
          client,
          link,
          MessageType.errorOf(message.type()),
          answer -> answer.errorCode(ErrorCode.UNKNOWN_ATTRIBUTE, "").unknownAttributes(unknown));
    }
  }

  void succeed(Request request, UnaryOperator<StunWriter> attributes) {
    protectedAnswer(request, MessageType.successOf(request.message().type()), attributes);
  }

  void fail(Request request, ErrorCode error) {
    fail(request, answer -> answer.errorCode(error));
  }

  void fail(Request request, UnaryOperator<StunWriter> attributes) {
    counters.of(request.link().transport()).increment(Counter.ERROR_RESPONSES);
    protectedAnswer(request, MessageType.errorOf(request.message().type()), attributes);
  }

  private boolean spend(InetSocketAddress client, ClientLink link, long nowNanos) {
    boolean granted = budget.tryTake(client.getAddress(), nowNanos);
    if (!granted) {
      counters.of(link.transport()).drop(DropReason.RESPONSE_BUDGET);
    }
    return granted;
  }

  private void unprotected(
      StunMessage message,
      InetSocketAddress client,
      ClientLink link,
      int type,
      UnaryOperator<StunWriter> attributes) {
    ByteBuf out = buffers.directBuffer(ANSWER_BYTES);
    finish(attributes.apply(StunWriter.answer(out, type, message)), message);
    link.send(out, client);
  }

  private void protectedAnswer(Request request, int type, UnaryOperator<StunWriter> attributes) {
    ByteBuf out = buffers.directBuffer(ANSWER_BYTES);
    StunWriter answer = attributes.apply(StunWriter.answer(out, type, request.message()));
    answer.integrity(integrity, request.user().algorithm(), request.user().key().bytes());
    finish(answer, request.message());
    request.link().send(out, request.client());
  }

  /** Whoever fingerprints a request needs the answer told apart as well (RFC 8489 section 7). */
  private static void finish(StunWriter answer, StunMessage message) {
    if (message.has(AttributeType.FINGERPRINT)) {
      answer.fingerprint();
    }
  }
}
