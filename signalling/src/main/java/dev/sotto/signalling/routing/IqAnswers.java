package dev.sotto.signalling.routing;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.xml.Element;

/** Answers requests to the server and to accounts. Called on the asker's loop; must not block. */
@FunctionalInterface
public interface IqAnswers {

  /** Answers a request with exactly one payload, at once or later. */
  void answer(Session sender, Jid to, Element iq);
}
