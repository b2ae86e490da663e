package dev.sotto.signalling.dialogue;

import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Attribute;
import dev.sotto.signalling.xml.Element;
import dev.sotto.signalling.xml.Node;
import dev.sotto.signalling.xml.StanzaParser;
import dev.sotto.signalling.xml.StanzaParser.StreamContext;
import dev.sotto.signalling.xml.XmlFault;
import dev.sotto.signalling.xml.XmlWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.CharsetUtil;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Stanzas as a test writes them: {@code jabber:client} and {@code stream:} are understood. */
final class Xml {

  private static final StreamContext STREAM =
      new StreamContext(
          "<context xmlns='jabber:client' xmlns:stream='" + Namespaces.STREAMS + "'>",
          "</context>",
          Namespaces.CLIENT);

  /** Sentences for people belong to no contract, so tests do not compare them. */
  private static final Set<String> WITH_SENTENCES =
      Set.of(Namespaces.STANZA_ERRORS, Namespaces.STREAM_ERRORS, Namespaces.SASL);

  private Xml() {}

  static Element parse(String xml) {
    ByteBuf bytes = Unpooled.copiedBuffer(xml, CharsetUtil.UTF_8);
    try {
      return StanzaParser.parse(bytes, bytes.readableBytes(), STREAM);
    } catch (XmlFault e) {
      throw new IllegalArgumentException(xml, e);
    }
  }

  /** A form in which equal stanzas are equal strings. */
  static String canonical(Element element) {
    return XmlWriter.toString(sorted(element), Namespaces.CLIENT);
  }

  static String canonical(String xml) {
    return canonical(parse(xml));
  }

  private static Element sorted(Element element) {
    List<Attribute> attributes =
        element.attributes().stream().sorted(Comparator.comparing(Attribute::name)).toList();
    List<Node> children =
        element.children().stream().filter(child -> !isSentence(child)).map(Xml::sorted).toList();
    return new Element(element.namespace(), element.name(), attributes, children);
  }

  private static Node sorted(Node node) {
    return node instanceof Element element ? sorted(element) : node;
  }

  private static boolean isSentence(Node node) {
    return node instanceof Element element
        && element.name().equals("text")
        && WITH_SENTENCES.contains(element.namespace());
  }
}
