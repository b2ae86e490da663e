package dev.sotto.media.ice;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.ice4j.StunException;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.ErrorCodeAttribute;
import org.ice4j.attribute.XorMappedAddressAttribute;
import org.ice4j.message.Message;

/** A worker's responder with a clock to turn, what it sent, and what a session's owner heard. */
final class IceWorld implements IceListener {
  static final InetSocketAddress WIFI = address("192.0.2.1", 5000);
  static final InetSocketAddress MOBILE = address("198.51.100.7", 6000);
  static final InetSocketAddress IPV6 = address("2001:db8::7", 7000);
  static final long SECOND = 1_000_000_000L;

  final RandomGenerator random =
      RandomGeneratorFactory.<RandomGenerator>of("Xoshiro256PlusPlus").create(7);
  final List<byte[]> sent = new ArrayList<>();
  final List<String> events = new ArrayList<>();
  final IceResponder responder = new IceResponder(random, (message, _, _) -> sent.add(message));
  final IceSession session = responder.open(random, this);

  /** The session's owner closes it when it hears of an event that begins so. */
  String closingOn = "nothing";

  // Close to where the clock wraps around: only differences may count.
  long now = Long.MAX_VALUE - 5 * SECOND;

  static InetSocketAddress address(String ip, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
  }

  void pass(double seconds) {
    now += (long) (seconds * SECOND);
    session.onTimer(now);
  }

  /** A right check of the session's newest credentials. */
  CheckResult check(InetSocketAddress from) {
    return receive(checkOf(session.localCredentials()), from);
  }

  CheckResult nominate(InetSocketAddress from) {
    return nominate(session.localCredentials(), from);
  }

  CheckResult nominate(IceCredentials local, InetSocketAddress from) {
    return receive(
        Check.from(local.ufrag() + ":peer")
            .nominating()
            .integrity(local.password())
            .fingerprint()
            .bytes(),
        from);
  }

  static byte[] checkOf(IceCredentials local) {
    return Check.from(local.ufrag() + ":peer").integrity(local.password()).fingerprint().bytes();
  }

  CheckResult receive(byte[] datagram, InetSocketAddress from) {
    MemorySegment segment = Check.segment(datagram);
    return responder.onDatagram(segment, 0, datagram.length, keyOf(from), from, now);
  }

  /** One key for all of IPv6, as a hash may happen to be. */
  static long keyOf(InetSocketAddress address) {
    byte[] ip = address.getAddress().getAddress();
    long key = 0;
    if (ip.length == 4) {
      for (byte part : ip) {
        key = (key << 8) | (part & 0xff);
      }
    }
    return (key << 16) | address.getPort();
  }

  /** The last response, which ice4j has found whole. */
  Message response() {
    return decode(sent.getLast());
  }

  static Message decode(byte[] message) {
    try {
      return Message.decode(message, 0, message.length);
    } catch (StunException e) {
      throw new AssertionError(e);
    }
  }

  int errorCode() {
    return ((ErrorCodeAttribute) response().getAttribute(Attribute.ERROR_CODE)).getErrorCode();
  }

  InetSocketAddress mappedAddress() {
    Message response = response();
    return ((XorMappedAddressAttribute) response.getAttribute(Attribute.XOR_MAPPED_ADDRESS))
        .getAddress(response.getTransactionID());
  }

  @Override
  public void onAddressValid(long remoteKey, InetSocketAddress remote) {
    note("valid " + remote.getPort());
  }

  @Override
  public void onAddressExpired(long remoteKey, InetSocketAddress remote) {
    note("expired " + remote.getPort());
  }

  @Override
  public void onSelected(long remoteKey, InetSocketAddress remote) {
    note("selected " + remote.getPort());
  }

  @Override
  public void onConsentLost() {
    note("consent lost");
  }

  @Override
  public void onConsentRegained() {
    note("consent regained");
  }

  private void note(String event) {
    events.add(event);
    if (event.startsWith(closingOn)) {
      session.close();
    }
  }
}
