package dev.sotto.signalling.service;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.routing.Session;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Element;
import java.util.List;

/** Turns message copies on and off for a device (XEP-0280 section 4). */
public final class CarbonsSwitch implements IqHandler {

  @Override
  public List<String> features() {
    return List.of(Namespaces.CARBONS);
  }

  @Override
  public boolean handles(String type, Element payload, Jid to) {
    return type.equals("set")
        && (payload.is(Namespaces.CARBONS, "enable") || payload.is(Namespaces.CARBONS, "disable"));
  }

  @Override
  public Answer answer(Session sender, String type, Element payload, Jid to) {
    sender.carbonsEnabled(payload.name().equals("enable"));
    return Answer.done();
  }
}
