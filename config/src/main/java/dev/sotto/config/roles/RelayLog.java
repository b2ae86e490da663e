package dev.sotto.config.roles;

import dev.sotto.relay.conference.ConferenceListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what conferences tell, where nobody else listens. */
final class RelayLog implements ConferenceListener {

  private static final Logger log = LoggerFactory.getLogger(RelayLog.class);

  @Override
  public void onSlots(String conferenceId, String endpointId, List<Occupancy> slots) {
    log.atDebug()
        .addKeyValue("conference", conferenceId)
        .addKeyValue("endpoint", endpointId)
        .addKeyValue("slots", slots)
        .log("slots");
  }

  @Override
  public void onSpeakers(String conferenceId, List<String> endpointIds) {
    log.atDebug()
        .addKeyValue("conference", conferenceId)
        .addKeyValue("speaker", endpointIds.getFirst())
        .log("speaker");
  }

  @Override
  public void onEndpointFailed(String conferenceId, String endpointId, String why) {
    log.atInfo()
        .addKeyValue("conference", conferenceId)
        .addKeyValue("endpoint", endpointId)
        .addKeyValue("why", why)
        .log("endpoint failed");
  }

  @Override
  public void onEndpointLeft(String conferenceId, String endpointId) {
    // asked for by the focus, which knows
  }

  @Override
  public void onConferenceEnded(String conferenceId) {
    log.atDebug().addKeyValue("conference", conferenceId).log("conference ended");
  }
}
