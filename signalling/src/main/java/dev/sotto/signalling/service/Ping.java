package dev.sotto.signalling.service;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.routing.Session;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Element;
import java.util.List;

/** XMPP ping (XEP-0199), to the server and to the own account. */
public final class Ping implements IqHandler {

  @Override
  public List<String> features() {
    return List.of(Namespaces.PING);
  }

  @Override
  public boolean handles(String type, Element payload, Jid to) {
    return type.equals("get") && payload.is(Namespaces.PING, "ping");
  }

  @Override
  public Answer answer(Session sender, String type, Element payload, Jid to) {
    return Answer.done();
  }
}
