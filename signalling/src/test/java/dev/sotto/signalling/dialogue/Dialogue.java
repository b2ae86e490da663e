package dev.sotto.signalling.dialogue;

import dev.sotto.signalling.IceService;
import dev.sotto.signalling.SignallingSettings.Contacts;
import dev.sotto.signalling.StreamLimits;
import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.TokenVerifier;
import dev.sotto.signalling.routing.InMemoryOfflineStore;
import dev.sotto.signalling.routing.LocalStanzaRouter;
import dev.sotto.signalling.routing.OfflineStore;
import dev.sotto.signalling.routing.Revocations;
import dev.sotto.signalling.routing.SessionDirectory;
import dev.sotto.signalling.service.AccountService;
import dev.sotto.signalling.service.CarbonsSwitch;
import dev.sotto.signalling.service.ExternalServices;
import dev.sotto.signalling.service.IqHandler;
import dev.sotto.signalling.service.IqService;
import dev.sotto.signalling.service.Ping;
import dev.sotto.signalling.service.SharedRoster;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.ResumableSessions;
import dev.sotto.signalling.stream.StreamContext;
import dev.sotto.signalling.stream.StreamCounters;
import dev.sotto.signalling.stream.StreamError;
import dev.sotto.signalling.stream.XmppStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server of streams, router and services without sockets, threads or a running clock, and the
 * devices connected to it. Tests read as what the devices say and hear.
 */
public final class Dialogue {

  public static final String DOMAIN = "example.org";
  public static final String RELAYS = "relays.example.org";
  public static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  public static final Duration AUTH_TIMEOUT = Duration.ofSeconds(10);
  public static final Duration IDLE_TIMEOUT = Duration.ofMinutes(2);
  public static final int STANZAS_PER_SECOND = 100;
  public static final int DEVICES_PER_USER = 3;
  public static final int OFFLINE_MESSAGES = 4;
  public static final int STANZA_BYTES = 65_536;
  public static final Duration RESUMPTION_TIME = Duration.ofMinutes(5);
  public static final int UNACKNOWLEDGED_STANZAS = 50;

  private static final StreamLimits LIMITS =
      new StreamLimits(
          STANZA_BYTES,
          10_000,
          AUTH_TIMEOUT,
          IDLE_TIMEOUT,
          1_000_000,
          STANZAS_PER_SECOND,
          DEVICES_PER_USER,
          10,
          OFFLINE_MESSAGES,
          RESUMPTION_TIME,
          UNACKNOWLEDGED_STANZAS);

  private static final List<IceService> SERVICES =
      List.of(
          new IceService(
              IceService.Type.STUN,
              "turn.example.org",
              3478,
              IceService.Transport.UDP,
              Optional.empty()),
          new IceService(
              IceService.Type.TURN,
              "turn.example.org",
              3478,
              IceService.Transport.UDP,
              Optional.of(
                  new IceService.Credential("1772362800:alice", "secret", NOW.plusSeconds(3600)))),
          new IceService(
              IceService.Type.TURN,
              "turn.example.org",
              443,
              IceService.Transport.TCP,
              Optional.of(
                  new IceService.Credential("1772362800:alice", "secret", NOW.plusSeconds(3600)))));

  private final VirtualTime time = new VirtualTime();
  private final Deque<Runnable> heldChecks = new ArrayDeque<>();
  private final List<Device> devices = new ArrayList<>();
  private final SessionDirectory directory = new SessionDirectory(DEVICES_PER_USER);
  private final OfflineStore offline;
  private final LocalStanzaRouter router;
  private final StreamContext context;
  private boolean holdingChecks;

  /** A server with these contacts and this store, whose users have tokens only. */
  public Dialogue(Contacts contacts, OfflineStore offline) {
    this(contacts, offline, Optional.empty());
  }

  /**
   * @param accounts those of users with passwords, who may make and change them
   */
  private Dialogue(Contacts contacts, OfflineStore offline, Optional<Accounts> accounts) {
    this.offline = offline;
    Clock clock = time.clock(NOW);
    accounts.ifPresent(
        own -> own.onRevoked(revocation -> Revocations.apply(revocation, directory)));
    List<IqHandler> handlers =
        new ArrayList<>(
            List.of(
                new Ping(),
                new CarbonsSwitch(),
                new SharedRoster(contacts, directory, DOMAIN),
                new ExternalServices(user -> SERVICES)));
    accounts.ifPresent(own -> handlers.add(new AccountService(own, this::check)));
    IqService iqs = new IqService(handlers, List.of(Namespaces.OFFLINE));
    router = new LocalStanzaRouter(DOMAIN, contacts, directory, offline, iqs, clock);
    TokenVerifier tokens = new TokenVerifier(List.of(Tokens.key()), Duration.ofSeconds(30), clock);
    context =
        new StreamContext(
            DOMAIN,
            LIMITS,
            accounts
                .map(own -> SignIns.byTokenOrPassword(tokens, own))
                .orElseGet(() -> SignIns.byToken(tokens)),
            router,
            accounts.isPresent() ? Map.of(RELAYS, relays(clock)) : Map.of(),
            new StreamCounters(),
            this::check,
            time::nanos,
            new Random(1),
            new AtomicBoolean(),
            new ResumableSessions(),
            clock);
  }

  /** A domain of its own, whose devices see nothing of the users'. */
  private static LocalStanzaRouter relays(Clock clock) {
    return new LocalStanzaRouter(
        RELAYS,
        Contacts.NOBODY,
        new SessionDirectory(DEVICES_PER_USER),
        new InMemoryOfflineStore(OFFLINE_MESSAGES),
        new IqService(List.of(new Ping()), List.of()),
        clock);
  }

  /** Nobody is anybody's contact; users have passwords too, and may make accounts. */
  public static Dialogue withAccounts(Accounts accounts) {
    return new Dialogue(
        Contacts.NOBODY, new InMemoryOfflineStore(OFFLINE_MESSAGES), Optional.of(accounts));
  }

  /** Everyone is everyone's contact. */
  public static Dialogue amongEveryone() {
    return new Dialogue(Contacts.EVERYONE, new InMemoryOfflineStore(OFFLINE_MESSAGES));
  }

  /** Nobody is anybody's contact. */
  public static Dialogue amongStrangers() {
    return new Dialogue(Contacts.NOBODY, new InMemoryOfflineStore(OFFLINE_MESSAGES));
  }

  /** Lets time pass for every stream. */
  public VirtualTime time() {
    return time;
  }

  /** Takes no more work from now on. */
  public void drains() {
    context.draining().set(true);
  }

  /** Ends all that is there, as a server that stops does. */
  public void stops() {
    drains();
    router.stopping();
    directory.all().toList().forEach(session -> session.terminate(StreamError.SHUTDOWN));
  }

  /** Takes out what is kept for a user. */
  public List<String> kept(String user) {
    return offline.takeAll(user).stream().map(Xml::canonical).toList();
  }

  /** What streams count. */
  public StreamCounters counters() {
    return context.counters();
  }

  /** What the router counts. */
  public LocalStanzaRouter router() {
    return router;
  }

  private void check(Runnable task) {
    if (holdingChecks) {
      heldChecks.add(task);
    } else {
      task.run();
    }
  }

  /** Tokens are not looked at until {@link #checkTokens}. */
  public void holdTokens() {
    holdingChecks = true;
  }

  /** Looks at the tokens that wait. */
  public void checkTokens() {
    holdingChecks = false;
    while (!heldChecks.isEmpty()) {
      heldChecks.remove().run();
    }
  }

  /** A fresh connection from this host, without TLS. */
  public Device connection() {
    return connection("127.0.0.1", true, false);
  }

  /** A fresh connection from an address. */
  public Device connection(String address, boolean canStartTls, boolean encrypted) {
    InetAddress remote;
    try {
      remote = InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address, e);
    }
    MemoryTransport transport = new MemoryTransport(time, remote, canStartTls, encrypted);
    Device device = new Device(new XmppStream(transport, context), transport);
    devices.add(device);
    return device;
  }

  /** A connection that has authenticated as {@code user} and may bind. */
  public Device authenticated(String user) {
    Device device = connection().opens().authenticates("", user, Tokens.good(user)).opens();
    quiet();
    return device;
  }

  /** The same, while others have not yet heard what waits for them. */
  Device newlyAuthenticated(String user) {
    Device device = connection().opens().authenticates("", user, Tokens.good(user)).opens();
    device.hearsRest();
    return device;
  }

  /** A bound device that has not sent presence, such as {@code alice/phone}. */
  public Device bound(String userAndResource) {
    int slash = userAndResource.indexOf('/');
    Device device =
        authenticated(userAndResource.substring(0, slash))
            .binds(userAndResource.substring(slash + 1));
    quiet();
    return device;
  }

  /** A bound device that is available. */
  public Device available(String userAndResource) {
    Device device = bound(userAndResource).says("<presence/>");
    quiet();
    return device;
  }

  /** An available device that wants copies of messages (XEP-0280). */
  public Device withCarbons(String userAndResource) {
    Device device =
        available(userAndResource)
            .says("<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
    quiet();
    return device;
  }

  /** Takes what waits at every device, so that a test begins in silence. */
  public void quiet() {
    devices.forEach(Device::hearsRest);
  }
}
