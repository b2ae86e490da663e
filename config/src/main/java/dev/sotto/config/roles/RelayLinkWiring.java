package dev.sotto.config.roles;

import dev.sotto.config.Main;
import dev.sotto.config.settings.HostName;
import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.SettingsException;
import dev.sotto.relay.conference.ConferenceListener;
import dev.sotto.relay.control.ConferenceControl;
import dev.sotto.relay.link.ConferenceEvent;
import dev.sotto.relay.link.LinkCredential;
import dev.sotto.relay.link.LinkSettings;
import dev.sotto.relay.link.LinkTimings;
import dev.sotto.relay.link.RelayLink;
import dev.sotto.relay.link.RelayStatus;
import dev.sotto.relay.link.ServerSecurity;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jxmpp.jid.BareJid;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.jxmpp.stringprep.XmppStringprepException;

/** The relay's connection to signalling, as the settings want it. */
final class RelayLinkWiring {

  private static final String PREFIX = "sotto.relay.signalling.";
  private static final String RESOURCE = "relay";

  private RelayLinkWiring() {}

  /** What to connect to; nothing when the relay is commanded over REST only. */
  static Optional<LinkSettings> settings(Settings settings) {
    Settings.RelaySignalling signalling = settings.relay().signalling();
    return signalling.host().map(host -> link(settings, signalling, host));
  }

  private static LinkSettings link(
      Settings settings, Settings.RelaySignalling signalling, HostName host) {
    EntityBareJid self =
        account(signalling.jid().orElseThrow(() -> missing("jid", "eu1@relays.example.org")));
    String secret =
        signalling.secret().orElseThrow(() -> missing("secret", "the account's password")).value();
    Set<BareJid> focuses = new HashSet<>();
    signalling.focuses().forEach(focus -> focuses.add(account(focus)));
    if (focuses.isEmpty()) {
      throw missing("focuses", "[focus@example.org]");
    }
    try {
      return new LinkSettings(
          host.value(),
          signalling.port(),
          JidCreate.entityFullFrom(self, Resourcepart.fromOrThrowUnchecked(RESOURCE)),
          new LinkCredential.Secret(secret),
          security(host, signalling.certificatePins()),
          focuses,
          settings.relay().region(),
          Optional.ofNullable(Main.class.getPackage().getImplementationVersion()).orElse("unknown"),
          LinkTimings.DEFAULT);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(PREFIX + "certificate-pins: " + e.getMessage());
    }
  }

  private static ServerSecurity security(HostName host, List<String> pins) {
    if (!pins.isEmpty()) {
      return new ServerSecurity.Pinned(Set.copyOf(pins));
    }
    return isLoopback(host.value())
        ? new ServerSecurity.PlainOnLoopback()
        : new ServerSecurity.Authorities(List.of(), Optional.empty());
  }

  private static boolean isLoopback(String host) {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static SettingsException missing(String key, String example) {
    return new SettingsException(
        PREFIX + key + ": is needed with " + PREFIX + "host; set it, such as " + example);
  }

  private static EntityBareJid account(String text) {
    try {
      return JidCreate.entityBareFrom(text);
    } catch (XmppStringprepException e) {
      throw new SettingsException(
          PREFIX + "jid and focuses: \"" + text + "\" is no account; it takes user@domain");
    }
  }

  static RelayLink connect(
      LinkSettings settings, ConferenceControl control, Supplier<RelayStatus> status) {
    RelayLink link = new RelayLink(settings, control, status, System::nanoTime, new SecureRandom());
    link.start();
    return link;
  }

  /** Passes on what conferences tell, to whoever commands them. */
  static final class Events implements ConferenceListener {
    private final ConferenceListener log = new RelayLog();
    private volatile Optional<RelayLink> link = Optional.empty();

    void to(RelayLink newLink) {
      link = Optional.of(newLink);
    }

    @Override
    public void onSlots(String conferenceId, String endpointId, List<Occupancy> slots) {
      log.onSlots(conferenceId, endpointId, slots);
      link.ifPresent(to ->
          to.events()
              .publish(
                  new ConferenceEvent.Slots(
                      conferenceId, endpointId, slots.stream().map(Events::slot).toList())));
    }

    private static ConferenceEvent.Slot slot(Occupancy slot) {
      return new ConferenceEvent.Slot(
          slot.ssrc(),
          slot.occupant().map(in -> new ConferenceEvent.Occupant(in.sourceId(), in.endpointId())));
    }

    @Override
    public void onSpeakers(String conferenceId, List<String> endpointIds) {
      log.onSpeakers(conferenceId, endpointIds);
      link.ifPresent(
          to -> to.events().publish(new ConferenceEvent.Speakers(conferenceId, endpointIds)));
    }

    @Override
    public void onEndpointFailed(String conferenceId, String endpointId, String why) {
      log.onEndpointFailed(conferenceId, endpointId, why);
    }

    @Override
    public void onEndpointLeft(String conferenceId, String endpointId) {
      link.ifPresent(to -> to.events().endpointLeft(conferenceId, endpointId));
    }

    @Override
    public void onConferenceEnded(String conferenceId) {
      log.onConferenceEnded(conferenceId);
      link.ifPresent(to -> to.events().conferenceEnded(conferenceId));
    }
  }
}
