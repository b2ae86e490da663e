package dev.sotto.relay.link;

/**
 * Takes what the focus has to know of conferences. Never blocks and never fails: a worker may call
 * it between two packets. Calls for one conference come from one thread.
 */
public interface ConferenceEvents {
  /** Tells a state in place of the one before, which need not have been sent yet. */
  void publish(ConferenceEvent event);

  /** There is no more to tell of this endpoint. */
  void endpointLeft(String conferenceId, String endpointId);

  /** There is no more to tell of this conference, whoever ended it. */
  void conferenceEnded(String conferenceId);
}
