package dev.sotto.config.roles;

import java.net.InetSocketAddress;
import java.util.List;

/** The media relay as a role: TURN has to know which ports of this host are its. */
public interface RunningRelay extends RunningRole {

  /** Where it receives media: own addresses, and those that stand for them outside. */
  List<InetSocketAddress> mediaAddresses();
}
