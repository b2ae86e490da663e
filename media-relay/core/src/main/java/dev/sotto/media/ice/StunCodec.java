package dev.sotto.media.ice;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.ice4j.StunException;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.attribute.AttributeFactory;
import org.ice4j.attribute.MessageIntegrityAttribute;
import org.ice4j.message.Message;
import org.ice4j.message.MessageFactory;
import org.ice4j.message.Request;
import org.ice4j.message.Response;
import org.ice4j.security.CredentialsAuthority;
import org.ice4j.stack.StunStack;

/**
 * ice4j's STUN messages without its sockets and threads. It reads and writes byte arrays, which is
 * garbage that checks may make and media may not. One stack serves every session of a worker: the
 * password that a response is signed with is set before it is encoded.
 */
final class StunCodec {
  static final int BAD_REQUEST = 400;
  static final int UNAUTHENTICATED = 401;
  static final int UNKNOWN_ATTRIBUTE = 420;
  static final int ROLE_CONFLICT = 487;

  /** Said by ourselves, since ice4j says its own name when nothing is said. */
  private static final byte[] SOFTWARE = "sotto".getBytes(StandardCharsets.US_ASCII);

  /** The code says it all, and a refusal must not be longer than what it refuses. */
  private static final String NO_REASON = "";

  private static final int LENGTH_OFFSET = 2;

  private final StunStack stack = new StunStack();
  private byte[] password = {};

  StunCodec() {
    stack.getCredentialsManager().registerAuthority(new CurrentPassword());
    loadBeforeTheFirstCheck();
  }

  /** ice4j reads its configuration, and Java its digests, when first used: not in mid-call then. */
  private void loadBeforeTheFirstCheck() {
    Request request = MessageFactory.createBindingRequest();
    transferId(new byte[Message.TRANSACTION_ID_LENGTH], request);
    byte[] response = success(request, new InetSocketAddress(0), new byte[1]);
    decode(response);
    isIntact(response, StunPeek.HEADER_BYTES, new byte[1]);
  }

  /**
   * A request that {@link StunPeek} has accepted.
   *
   * @return empty when its FINGERPRINT is wrong, or an attribute that checks do not have is broken
   */
  Optional<Request> decode(byte[] message) {
    try {
      return Message.decode(message, 0, message.length) instanceof Request request
          ? Optional.of(request)
          : Optional.empty();
    } catch (StunException | RuntimeException _) {
      return Optional.empty(); // ice4j indexes by lengths that it has not compared
    }
  }

  /**
   * Checks MESSAGE-INTEGRITY (RFC 8489 section 14.5), in constant time.
   *
   * @param integrityOffset where the attribute begins
   */
  static boolean isIntact(byte[] message, int integrityOffset, byte[] password) {
    int valueOffset = integrityOffset + StunPeek.ATTRIBUTE_HEADER_BYTES;
    int end = valueOffset + StunPeek.INTEGRITY_BYTES;
    byte[] signed = Arrays.copyOf(message, integrityOffset);
    int length = end - StunPeek.HEADER_BYTES;
    signed[LENGTH_OFFSET] = (byte) (length >>> Byte.SIZE);
    signed[LENGTH_OFFSET + 1] = (byte) length;
    byte[] expected =
        MessageIntegrityAttribute.calculateHmacSha1(signed, 0, signed.length, password);
    return MessageDigest.isEqual(expected, Arrays.copyOfRange(message, valueOffset, end));
  }

  /** The success response with XOR-MAPPED-ADDRESS. */
  byte[] success(Request request, InetSocketAddress remote, byte[] password) {
    Response response =
        MessageFactory.createBindingResponse(request, new TransportAddress(remote, Transport.UDP));
    return sign(response, request, password);
  }

  /** An error that only one who knows the password can have sent. */
  byte[] error(int code, Request request, byte[] password) {
    return sign(
        MessageFactory.createBindingErrorResponse((char) code, NO_REASON), request, password);
  }

  /** The error 420, which names the attributes that are not known. */
  byte[] unknownAttributes(StunPeek peek, Request request, byte[] password) {
    char[] unknown = new char[peek.unknownCount()];
    for (int i = 0; i < unknown.length; i++) {
      unknown[i] = (char) peek.unknown(i);
    }
    return sign(
        MessageFactory.createBindingErrorResponse((char) UNKNOWN_ATTRIBUTE, NO_REASON, unknown),
        request,
        password);
  }

  /** An error to a sender that has not shown the password, so it gets no integrity. */
  byte[] refusal(int code, Request request) {
    return encode(MessageFactory.createBindingErrorResponse((char) code, NO_REASON), request);
  }

  private byte[] sign(Response response, Request request, byte[] password) {
    this.password = password;
    response.putAttribute(AttributeFactory.createMessageIntegrityAttribute(""));
    return encode(response, request);
  }

  private byte[] encode(Response response, Request request) {
    transferId(request.getTransactionID(), response);
    response.putAttribute(AttributeFactory.createSoftwareAttribute(SOFTWARE));
    response.putAttribute(AttributeFactory.createFingerprintAttribute());
    return response.encode(stack);
  }

  private static void transferId(byte[] id, Message to) {
    try {
      to.setTransactionID(id);
    } catch (StunException e) {
      throw new IllegalStateException("no transaction id has " + id.length + " bytes", e);
    }
  }

  /** Answers the stack's question for a key with the one that has been set. */
  private final class CurrentPassword implements CredentialsAuthority {
    @Override
    public byte[] getLocalKey(String username) {
      return password;
    }

    @Override
    public byte[] getRemoteKey(String username, String media) {
      throw new IllegalStateException("a lite agent sends no requests");
    }

    @Override
    public boolean checkLocalUserName(String username) {
      return true;
    }
  }
}
