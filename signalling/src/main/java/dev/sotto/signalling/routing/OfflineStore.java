package dev.sotto.signalling.routing;

import dev.sotto.signalling.xml.Element;
import java.util.List;

/**
 * Keeps messages for users without an available device (XEP-0160). Thread-safe. The one in memory
 * lasts as long as the process.
 */
public interface OfflineStore {

  /** Keeps a message, delay stamp included; false if the user's store is full. */
  boolean keep(String user, Element message);

  /** Takes out everything kept for the user, oldest first. */
  List<Element> takeAll(String user);
}
