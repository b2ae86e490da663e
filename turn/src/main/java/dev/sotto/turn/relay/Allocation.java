package dev.sotto.turn.relay;

import dev.sotto.turn.auth.Credential;
import dev.sotto.turn.stun.ErrorCode;
import dev.sotto.turn.stun.StunMessage;
import dev.sotto.turn.stun.XorAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One allocation (RFC 8656 section 3): a client's 5-tuple, its relayed transport addresses (one a
 * family), permissions and channels. Touched only on the event loop that its client's socket
 * belongs to.
 */
public final class Allocation {
  private final ClientLink link;
  private final InetSocketAddress client;
  private final Credential credential;
  private final long transactionIdHigh;
  private final int transactionIdLow;
  private final long startedAtNanos;
  private final Permissions permissions;
  private final Channels channels = new Channels();
  private final SendTargets sendTargets = new SendTargets();
  private final Traffic traffic = new Traffic();
  private AllocationLimits limits = AllocationLimits.none();
  private final List<RelayedTransport> relays = new ArrayList<>(2);
  private Optional<RelayedTransport> ipv4Relay = Optional.empty();
  private Optional<RelayedTransport> ipv6Relay = Optional.empty();
  private OptionalLong reservationToken = OptionalLong.empty();
  private Map<AddressFamily, ErrorCode> missing = Map.of();
  private long expiresAtNanos;

  /**
   * Starts an allocation without relayed addresses; {@code request} is the Allocate that asked for
   * it, and {@code permissionQuotas} are what its permissions count against.
   */
  public Allocation(
      ClientLink link,
      InetSocketAddress client,
      Credential credential,
      StunMessage request,
      Quotas permissionQuotas,
      long nowNanos) {
    this.link = link;
    this.client = client;
    this.credential = credential;
    this.transactionIdHigh = request.transactionIdHigh();
    this.transactionIdLow = request.transactionIdLow();
    this.permissions = new Permissions(permissionQuotas, credential.owner());
    this.startedAtNanos = nowNanos;
  }

  public ClientLink link() {
    return link;
  }

  public InetSocketAddress client() {
    return client;
  }

  public String username() {
    return credential.username();
  }

  public String owner() {
    return credential.owner();
  }

  public long startedAtNanos() {
    return startedAtNanos;
  }

  public Permissions permissions() {
    return permissions;
  }

  public Channels channels() {
    return channels;
  }

  public Traffic traffic() {
    return traffic;
  }

  public AllocationLimits limits() {
    return limits;
  }

  public void limitBy(AllocationLimits acquired) {
    limits = acquired;
  }

  /** At least one, of different families, while the allocation lives. */
  public List<RelayedTransport> relays() {
    return Collections.unmodifiableList(relays);
  }

  /** The relayed address that reaches peers of this family. */
  public Optional<RelayedTransport> relayTo(InetAddress peer) {
    return peer instanceof Inet4Address ? ipv4Relay : ipv6Relay;
  }

  /** Adds the relayed address of a family that has none yet. */
  public void addRelay(RelayedTransport relay) {
    relays.add(relay);
    rememberRelays();
  }

  /** The token of the port that was reserved together with this allocation. */
  public OptionalLong reservationToken() {
    return reservationToken;
  }

  public void reserved(long token) {
    reservationToken = OptionalLong.of(token);
  }

  /** Families that were asked for and could not be given, with the reason. */
  public Map<AddressFamily, ErrorCode> missing() {
    return missing;
  }

  public void lacks(Map<AddressFamily, ErrorCode> families) {
    missing = Map.copyOf(families);
  }

  /**
   * The peer named in a Send indication as a socket address; naming the same one again makes no
   * garbage.
   */
  public InetSocketAddress resolve(XorAddress peer) {
    return sendTargets.resolve(peer);
  }

  /** Whether this request is a retransmission of the one that made this allocation. */
  public boolean wasMadeBy(StunMessage request) {
    return request.transactionIdHigh() == transactionIdHigh
        && request.transactionIdLow() == transactionIdLow;
  }

  public void expireAt(long nanos) {
    expiresAtNanos = nanos;
  }

  public boolean isAlive(long nowNanos) {
    return nowNanos - expiresAtNanos < 0;
  }

  public long remainingNanos(long nowNanos) {
    return Math.max(0, expiresAtNanos - nowNanos);
  }

  /** Forgets permissions and channels whose time is over. */
  public void removeExpired(long nowNanos) {
    permissions.removeExpired(nowNanos);
    channels.removeExpired(nowNanos);
  }

  /** Closes the relayed address of one family. */
  public void closeRelay(RelayedTransport relay) {
    relays.remove(relay);
    rememberRelays();
    relay.close();
  }

  /** Closes the relayed addresses and gives up the permissions: nothing is relayed any more. */
  public void end() {
    permissions.removeAll();
    relays.forEach(RelayedTransport::close);
    relays.clear();
    rememberRelays();
  }

  private void rememberRelays() {
    ipv4Relay = relays.stream().filter(relay -> relay.family() == AddressFamily.IPV4).findFirst();
    ipv6Relay = relays.stream().filter(relay -> relay.family() == AddressFamily.IPV6).findFirst();
  }
}
