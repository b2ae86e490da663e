package dev.sotto.signalling.service;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.routing.Session;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StanzaError;
import dev.sotto.signalling.xml.Element;
import java.util.List;
import java.util.stream.Stream;

/** Service discovery (XEP-0030): what server and account can do; there are no items yet. */
final class DiscoInfo implements IqHandler {

  private final List<String> features;

  DiscoInfo(List<String> features) {
    this.features =
        Stream.concat(features.stream(), features().stream()).distinct().sorted().toList();
  }

  @Override
  public List<String> features() {
    return List.of(Namespaces.DISCO_INFO, Namespaces.DISCO_ITEMS);
  }

  @Override
  public boolean handles(String type, Element payload, Jid to) {
    return type.equals("get")
        && (payload.is(Namespaces.DISCO_INFO, "query")
            || payload.is(Namespaces.DISCO_ITEMS, "query"));
  }

  @Override
  public Answer answer(Session sender, String type, Element payload, Jid to) {
    if (payload.attribute("node").isPresent()) {
      return new Answer.Failure(
          new StanzaError(StanzaError.Condition.ITEM_NOT_FOUND, "there are no nodes"));
    }
    Element answer = Element.of(payload.namespace(), "query");
    if (payload.namespace().equals(Namespaces.DISCO_ITEMS)) {
      return Answer.of(answer);
    }
    boolean server = to.local().isEmpty();
    answer =
        answer.plus(
            Element.of(
                Namespaces.DISCO_INFO,
                "identity",
                "category",
                server ? "server" : "account",
                "type",
                server ? "im" : "registered",
                "name",
                "Sotto"));
    for (String feature : features) {
      answer = answer.plus(Element.of(Namespaces.DISCO_INFO, "feature", "var", feature));
    }
    return Answer.of(answer);
  }
}
