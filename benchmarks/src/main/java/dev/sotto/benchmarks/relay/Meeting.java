package dev.sotto.benchmarks.relay;

import java.util.ArrayList;
import java.util.List;

/**
 * Who takes part in a conference: so many, of whom the first {@code video} send video and the first
 * {@code audio} send audio. Everybody gets what all others send.
 */
record Meeting(String name, int participants, int video, int audio) {

  static Meeting oneToMany(int receivers) {
    return new Meeting("1 to " + receivers + " video", receivers + 1, 1, 0);
  }

  /** Relays let few be heard at a time: more than five open microphones are for noise. */
  static final int OPEN_MICROPHONES = 5;

  static Meeting everybody(int participants) {
    return new Meeting(
        participants + " x " + participants + " meeting",
        participants,
        participants,
        Math.min(participants, OPEN_MICROPHONES));
  }

  static Meeting audioOnly(int participants) {
    return new Meeting(participants + " in an audio call", participants, 0, OPEN_MICROPHONES);
  }

  /** What the participant of this index sends. */
  List<Medium> sends(int participant) {
    List<Medium> media = new ArrayList<>();
    if (participant < audio) {
      media.add(Medium.AUDIO);
    }
    if (participant < video) {
      media.add(Medium.VIDEO);
    }
    return media;
  }

  /** Streams of this medium that the participant gets. */
  int gets(int participant, Medium medium) {
    int senders = medium == Medium.AUDIO ? audio : video;
    return participant < senders ? senders - 1 : senders;
  }

  /** How many get what one sends. */
  int audience() {
    return participants - 1;
  }
}
