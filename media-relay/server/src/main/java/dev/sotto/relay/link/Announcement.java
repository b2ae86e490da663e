package dev.sotto.relay.link;

import java.util.Locale;
import org.jitsi.xmpp.extensions.colibri.ColibriStatsExtension;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.PresenceBuilder;
import org.jxmpp.jid.Jid;

/**
 * What a relay tells the focus of itself, as presence: for choosing a relay the statistics of
 * Jitsi's bridge under their names, and the conferences that it holds.
 *
 * @param stress with two digits, so that it is not announced for less
 */
record Announcement(
    String region,
    String version,
    String stress,
    boolean draining,
    int endpoints,
    ConferencePage conferences) {

  /** Jitsi's focus reads it; its library has no name for it. */
  private static final String STRESS_LEVEL = "stress_level";

  static Announcement of(LinkSettings settings, RelayStatus status) {
    return new Announcement(
        settings.region(),
        settings.version(),
        String.format(Locale.ROOT, "%.2f", status.stress()),
        status.draining(),
        status.endpoints(),
        ConferencePage.of(status.conferenceIds(), ""));
  }

  /**
   * @param presence new and empty
   */
  Presence write(PresenceBuilder presence, Jid focus) {
    // No relay_id: to Jitsi's focus it means that bridges can be joined, which this one refuses.
    ColibriStatsExtension stats = new ColibriStatsExtension();
    stats.addStat(ColibriStatsExtension.REGION, region);
    stats.addStat(ColibriStatsExtension.VERSION, version);
    stats.addStat(STRESS_LEVEL, stress);
    stats.addStat(ColibriStatsExtension.DRAIN, draining);
    stats.addStat(ColibriStatsExtension.SHUTDOWN_IN_PROGRESS, draining);
    stats.addStat(ColibriStatsExtension.CONFERENCES, conferences.total());
    stats.addStat(ColibriStatsExtension.PARTICIPANTS, endpoints);
    return presence
        .ofType(Presence.Type.available)
        .to(focus)
        .addExtension(stats)
        .addExtension(conferences.element())
        .build();
  }
}
