package dev.sotto.media.ice;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.ice4j.message.Request;

/**
 * Answers the connectivity checks that come to one worker's port (RFC 8445 section 7.3, RFC 8489
 * sections 6.3 and 9.1.3) and gives each to the session that its local fragment names. Checks in
 * order of cost: layout, presence of attributes, fragment, the sender's budget, checksum, digest.
 * Of a source that has not authenticated nothing is kept but a count in a table of fixed size, and
 * it never gets more bytes than it sent. Owned by one event loop.
 */
public final class IceResponder {
  /** A stranger that fails more often is mistaken or hostile; a check that works takes one. */
  private static final int STRANGER_FAILURES_PER_SECOND = 2;

  private static final int STRANGER_BURST = 10;

  /** Valid hosts have a budget of their own, so that one who forges theirs must send more. */
  private static final int VALID_FAILURES_PER_SECOND = 50;

  private static final int VALID_BURST = 100;

  /** Refusals are of a host, whatever session it asked for: they depend on none. */
  private static final long NO_SESSION = 0;

  private final Map<Long, Registration> registrations = new HashMap<>();
  private final StunPeek peek = new StunPeek();
  private final StunCodec codec = new StunCodec();
  private final Map<CheckResult, long[]> counts = new EnumMap<>(CheckResult.class);
  private final FailureBudget refusals;
  private final FailureBudget strangers;
  private final FailureBudget valid;
  private final StunSink sink;

  private record Registration(IceSession session, IceCredentials local) {
    private byte[] password() {
      return local.passwordBytes();
    }
  }

  private record Sender(long key, InetSocketAddress address, long nowNanos) {
    private void answer(StunSink sink, byte[] message) {
      sink.send(message, key, address);
    }
  }

  /**
   * @param random keys the table of failures; cryptographically strong
   * @param sink takes the responses
   */
  public IceResponder(RandomGenerator random, StunSink sink) {
    this.refusals = new FailureBudget(STRANGER_FAILURES_PER_SECOND, STRANGER_BURST, random);
    this.strangers = new FailureBudget(STRANGER_FAILURES_PER_SECOND, STRANGER_BURST, random);
    this.valid = new FailureBudget(VALID_FAILURES_PER_SECOND, VALID_BURST, random);
    this.sink = sink;
    for (CheckResult result : CheckResult.values()) {
      counts.put(result, new long[1]);
    }
  }

  /**
   * Begins a session with fresh local credentials.
   *
   * @param random cryptographically strong
   */
  public IceSession open(RandomGenerator random, IceListener listener) {
    IceCredentials local = unusedCredentials(random);
    IceSession session = new IceSession(this, local, listener);
    put(session, local);
    return session;
  }

  /**
   * Handles a datagram that came as STUN. The response is sent before the session's listener hears
   * of the check.
   *
   * @param remoteKey a number of the shell's for the remote address, equal for equal addresses
   * @param remote the same address
   */
  public CheckResult onDatagram(
      MemorySegment segment,
      long offset,
      int length,
      long remoteKey,
      InetSocketAddress remote,
      long nowNanos) {
    CheckResult result = judge(segment, offset, length, new Sender(remoteKey, remote, nowNanos));
    counts.get(result)[0]++;
    return result;
  }

  /** How many datagrams have ended so. */
  public long count(CheckResult result) {
    return counts.get(result)[0];
  }

  /** Registers fresh credentials of a session that restarts. */
  IceCredentials register(IceSession session, RandomGenerator random) {
    IceCredentials local = unusedCredentials(random);
    put(session, local);
    return local;
  }

  /** Answers no more checks under these. */
  void retire(IceCredentials local) {
    registrations.remove(local.localUfragKey());
  }

  private CheckResult judge(MemorySegment segment, long offset, int length, Sender sender) {
    if (!peek.wrap(segment, offset, length)) {
      return CheckResult.MALFORMED;
    }
    if (!peek.isBindingRequest()) {
      return CheckResult.NOT_A_CHECK;
    }
    if (!peek.hasFingerprint()) {
      return CheckResult.NO_FINGERPRINT;
    }
    if (!peek.hasUsername() || !peek.hasIntegrity()) {
      refuse(StunCodec.BAD_REQUEST, segment, offset, length, sender);
      return CheckResult.BAD_REQUEST;
    }
    Registration registration = registrations.get(peek.localUfragKey());
    if (registration == null) {
      refuse(StunCodec.UNAUTHENTICATED, segment, offset, length, sender);
      return CheckResult.UNKNOWN_USER;
    }
    return check(copy(segment, offset, length), registration, sender);
  }

  /** Answers what concerns no session; when a host has had its share of that, with silence. */
  private void refuse(int code, MemorySegment segment, long offset, int length, Sender sender) {
    InetAddress host = sender.address.getAddress();
    if (!refusals.allows(host, NO_SESSION, sender.nowNanos)) {
      return;
    }
    refusals.charge(host, NO_SESSION, sender.nowNanos);
    codec
        .decode(copy(segment, offset, length))
        .ifPresent(request -> sendRefusal(code, request, length, sender));
  }

  private void sendRefusal(int code, Request request, int length, Sender sender) {
    byte[] refusal = codec.refusal(code, request);
    if (refusal.length <= length) {
      sender.answer(sink, refusal);
    }
  }

  private CheckResult check(byte[] message, Registration registration, Sender sender) {
    InetAddress host = sender.address.getAddress();
    FailureBudget budget =
        registration.session.isValid(sender.key, sender.address) ? valid : strangers;
    long ufrag = peek.localUfragKey();
    if (!budget.allows(host, ufrag, sender.nowNanos)) {
      return CheckResult.OVER_BUDGET;
    }
    Optional<Request> request = codec.decode(message);
    if (request.isEmpty()) {
      budget.charge(host, ufrag, sender.nowNanos);
      return CheckResult.NO_FINGERPRINT;
    }
    if (!StunCodec.isIntact(message, peek.integrityOffset(), registration.password())) {
      budget.charge(host, ufrag, sender.nowNanos);
      sendRefusal(StunCodec.UNAUTHENTICATED, request.get(), message.length, sender);
      return CheckResult.WRONG_INTEGRITY;
    }
    return answer(request.get(), registration, sender);
  }

  private CheckResult answer(Request request, Registration registration, Sender sender) {
    byte[] password = registration.password();
    if (peek.unknownCount() > 0) {
      sender.answer(sink, codec.unknownAttributes(peek, request, password));
      return CheckResult.UNKNOWN_ATTRIBUTE;
    }
    if (peek.isControlled()) {
      sender.answer(sink, codec.error(StunCodec.ROLE_CONFLICT, request, password));
      return CheckResult.ROLE_CONFLICT;
    }
    sender.answer(sink, codec.success(request, sender.address, password));
    registration.session.onCheck(
        registration.local, peek.useCandidate(), sender.key, sender.address, sender.nowNanos);
    return CheckResult.ANSWERED;
  }

  private static byte[] copy(MemorySegment segment, long offset, int length) {
    return segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }

  private IceCredentials unusedCredentials(RandomGenerator random) {
    IceCredentials made = IceCredentials.generate(random);
    while (registrations.containsKey(made.localUfragKey())) {
      made = IceCredentials.generate(random);
    }
    return made;
  }

  private void put(IceSession session, IceCredentials local) {
    registrations.put(local.localUfragKey(), new Registration(session, local));
  }
}
