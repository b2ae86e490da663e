package dev.sotto.relay.link;

import java.io.IOException;
import java.util.HashSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smackx.ping.packet.Ping;
import org.jxmpp.jid.BareJid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, from the dialling to its loss. The thread of the link opens and serves it, which
 * is to look at the clock for pings and announcements; reading and sending have threads of their
 * own.
 */
final class LinkSession {
  private static final Logger LOG = LoggerFactory.getLogger(LinkSession.class);

  /** How long a server that is told goodbye may take to say it, too. */
  private static final long GOODBYE_MILLIS = 2_000;

  /** Messages to the account as a whole are not for the relay. */
  private static final int NO_MESSAGES = -1;

  private final LinkSettings settings;
  private final RequestDesk desk;
  private final RequestQueue requests;
  private final EventOutbox outbox;
  private final Supplier<RelayStatus> status;
  private final LongSupplier nanoTime;

  private final PeerWatch watch;
  private final AnnouncementPace pace;
  private final RelayConnection connection;
  private final StanzaSender sender;

  /** Why the connection is lost, once it is. */
  private final CompletableFuture<String> lost = new CompletableFuture<>();

  private boolean statusFails;

  LinkSession(
      LinkSettings settings,
      Dialer dialer,
      RequestDesk desk,
      RequestQueue requests,
      EventOutbox outbox,
      Supplier<RelayStatus> status,
      LongSupplier nanoTime)
      throws IOException {
    this.settings = settings;
    this.desk = desk;
    this.requests = requests;
    this.outbox = outbox;
    this.status = status;
    this.nanoTime = nanoTime;
    LinkTimings timings = settings.timings();
    watch =
        new PeerWatch(
            timings.pingAfter().toNanos(), timings.pingTimeout().toNanos(), nanoTime.getAsLong());
    pace =
        new AnnouncementPace(
            timings.announceAtMostEvery().toNanos(), timings.announceAtLeastEvery().toNanos());
    connection = dialer.newConnection(this::received);
    connection.addConnectionListener(new Losses());
    sender = new StanzaSender(connection, outbox, lost::complete);
  }

  /** Connects and logs in. */
  void open() throws IOException, SmackException, XMPPException, InterruptedException {
    connection.connect();
    connection.login();
  }

  /** Speaks with the server until it is lost, and says why it is. */
  String serve() throws InterruptedException {
    watch.heard(nanoTime.getAsLong());
    outbox.sendAllAgain();
    sender.offer(
        connection
            .getStanzaFactory()
            .buildPresenceStanza()
            .ofType(Presence.Type.available)
            .setPriority(NO_MESSAGES)
            .build());
    sender.start();
    while (true) {
      long nowNanos = nanoTime.getAsLong();
      switch (watch.due(nowNanos)) {
        case PING -> sender.offer(new Ping(connection, settings.self().asDomainBareJid()));
        case DEAD -> {
          return "the server does not answer";
        }
        case NOTHING -> {}
      }
      if (pace.waitNanos(nowNanos) == 0) {
        announce(nowNanos);
      }
      long waitNanos = Math.min(watch.waitNanos(nowNanos), pace.waitNanos(nowNanos));
      try {
        return lost.get(waitNanos, TimeUnit.NANOSECONDS);
      } catch (TimeoutException _) {
        // Something is due.
      } catch (ExecutionException e) {
        throw new AssertionError("it is completed with texts only", e);
      }
    }
  }

  /** There is something in the outbox. */
  void wake() {
    sender.wake();
  }

  /** Ends it as RFC 6120 has it; at once when the server does not play along. */
  void close() {
    sender.close();
    Thread goodbye = Thread.ofVirtual().start(connection::disconnect);
    try {
      goodbye.join(GOODBYE_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    kill();
  }

  /** Ends it at once. */
  void kill() {
    sender.close();
    connection.kill();
  }

  private void announce(long nowNanos) {
    pace.look(nowNanos);
    RelayStatus now;
    try {
      now = status.get();
      statusFails = false;
    } catch (RuntimeException e) {
      if (!statusFails) {
        LOG.error("The relay cannot tell its own state and announces none until it can", e);
      }
      statusFails = true;
      return;
    }
    outbox.retain(new HashSet<>(now.conferenceIds()));
    Announcement announcement = Announcement.of(settings, now);
    if (pace.isDue(announcement, nowNanos)) {
      for (BareJid focus : settings.focuses()) {
        sender.offer(
            announcement.write(connection.getStanzaFactory().buildPresenceStanza(), focus));
      }
    }
  }

  /** On the connection's thread. */
  private void received(Stanza stanza) {
    watch.heard(nanoTime.getAsLong());
    switch (stanza) {
      case IQ iq when iq.isRequestIQ() && !desk.serves(iq.getFrom()) ->
          // At once: strangers take no place in the queue from the focus.
          desk.handle(iq, sender::offerToStranger);
      case IQ iq when iq.isRequestIQ() -> {
        if (!requests.offer(() -> desk.handle(iq, sender::offer))) {
          sender.offer(RequestDesk.tooMany(iq));
        }
      }
      case Presence presence when presence.isAvailable() && desk.isFocus(presence.getFrom()) ->
          pace.ask();
      default -> {
        // Answers to pings are signs of life, which is all. Nobody else has anything to say.
      }
    }
  }

  /** Notes when and why Smack lost the connection. */
  private final class Losses implements ConnectionListener {
    @Override
    public void connectionClosedOnError(Exception e) {
      lost.complete(Reasons.of(e));
    }

    @Override
    public void connectionClosed() {
      lost.complete("the server has ended the stream");
    }
  }
}
