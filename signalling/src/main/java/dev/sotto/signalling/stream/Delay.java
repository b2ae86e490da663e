package dev.sotto.signalling.stream;

import dev.sotto.signalling.xml.Element;
import dev.sotto.signalling.xml.Node;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Says when a stanza came that could not be delivered at once (XEP-0203). */
public final class Delay {

  private Delay() {}

  /** The stanza with this server's stamp; one that has it already keeps it. */
  public static Element stamp(Element stanza, String domain, Instant since) {
    return stanza.elements().anyMatch(child -> isStamp(child, domain))
        ? stanza
        : stanza.plus(
            Element.of(
                Namespaces.DELAY,
                "delay",
                "from",
                domain,
                "stamp",
                since.truncatedTo(ChronoUnit.MILLIS).toString()));
  }

  /** A client's stanza without stamps in this server's name (XEP-0203 section 5). */
  static Element unforged(Element stanza, String domain) {
    for (Node child : stanza.children()) {
      if (isStamp(child, domain)) {
        List<Node> honest =
            stanza.children().stream().filter(node -> !isStamp(node, domain)).toList();
        return new Element(stanza.namespace(), stanza.name(), stanza.attributes(), honest);
      }
    }
    return stanza;
  }

  private static boolean isStamp(Node node, String domain) {
    return node instanceof Element child
        && child.is(Namespaces.DELAY, "delay")
        && child.attribute("from").equals(Optional.of(domain));
  }
}
