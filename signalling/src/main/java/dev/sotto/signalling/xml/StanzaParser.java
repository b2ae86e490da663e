package dev.sotto.signalling.xml;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import dev.sotto.signalling.xml.XmlFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.util.CharsetUtil;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads one complete piece that {@link StanzaFramer} cut out into an {@link Element}. Aalto pools
 * its buffers per thread, so a connection owns none. Entities other than the predefined ones, DTDs,
 * comments and processing instructions are refused (RFC 6120 section 11.1). Thread-safe.
 */
public final class StanzaParser {

  /** What a stanza inherits when the client's stream header declared nothing else. */
  public static final StreamContext NO_CONTEXT = new StreamContext("", "");

  private static final XMLInputFactory FACTORY = factory();

  private StanzaParser() {}

  /**
   * The namespace declarations of a stream header as an element around the stanza, so that prefixes
   * which the client bound there resolve (RFC 6120 section 4.8.5).
   */
  public record StreamContext(String before, String after) {}

  /** A stream header, and what stanzas after it inherit. */
  public record ParsedHeader(Element header, StreamContext context) {}

  /** Reads an opening tag of a stream; it is closed here so that a parser can read it. */
  public static ParsedHeader parseStreamOpen(ByteBuf in, int length) throws XmlFault {
    byte[] tag = new byte[length];
    in.getBytes(in.readerIndex(), tag);
    StringBuilder declarations = new StringBuilder("<context");
    Element header =
        parse(
            new SequenceInputStream(new ByteArrayInputStream(tag), utf8("</" + tagName(tag) + ">")),
            0,
            declarations);
    declarations.append('>');
    return new ParsedHeader(header, new StreamContext(declarations.toString(), "</context>"));
  }

  /** Reads the {@code length} bytes at the reader index, without moving it. */
  public static Element parse(ByteBuf in, int length, StreamContext context) throws XmlFault {
    ByteBuf slice = in.slice(in.readerIndex(), length);
    InputStream stanza = new ByteBufInputStream(slice);
    if (context.before().isEmpty()) {
      return parse(stanza, 0, new StringBuilder(0));
    }
    InputStream wrapped =
        new SequenceInputStream(
            Collections.enumeration(
                List.of(utf8(context.before()), stanza, utf8(context.after()))));
    return parse(wrapped, 1, new StringBuilder(0));
  }

  private static InputStream utf8(String text) {
    return new ByteArrayInputStream(text.getBytes(CharsetUtil.UTF_8));
  }

  private static String tagName(byte[] tag) {
    int end = 1;
    while (end < tag.length && tag[end] > ' ' && tag[end] != '>' && tag[end] != '/') {
      end++;
    }
    return new String(tag, 1, end - 1, CharsetUtil.UTF_8);
  }

  /** Elements above {@code skipDepth} are context; the first one below it is the result. */
  private static Element parse(InputStream in, int skipDepth, StringBuilder declarations)
      throws XmlFault {
    Deque<Open> open = new ArrayDeque<>();
    XMLStreamReader reader = null;
    try {
      reader = FACTORY.createXMLStreamReader(in, "UTF-8");
      int depth = 0;
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            if (depth >= skipDepth) {
              if (open.isEmpty()) {
                describeNamespaces(reader, declarations);
              }
              open.push(start(reader));
            }
            depth++;
          }
          case XMLStreamConstants.END_ELEMENT -> {
            depth--;
            if (depth >= skipDepth) {
              Element element = open.pop().close();
              if (open.isEmpty()) {
                return element;
              }
              open.element().children.add(element);
            }
          }
          case XMLStreamConstants.CHARACTERS,
              XMLStreamConstants.CDATA,
              XMLStreamConstants.SPACE -> {
            if (!open.isEmpty()) {
              open.element().children.add(new Text(reader.getText()));
            }
          }
          case XMLStreamConstants.END_DOCUMENT, XMLStreamConstants.START_DOCUMENT -> {}
          default ->
              throw new XmlFault(
                  Kind.RESTRICTED_XML, "comments, DTDs, entities and instructions are not allowed");
        }
      }
      throw new XmlFault(Kind.NOT_WELL_FORMED, "no element");
    } catch (XMLStreamException e) {
      throw fault(e);
    } finally {
      close(reader);
    }
  }

  private static void describeNamespaces(XMLStreamReader reader, StringBuilder declarations) {
    for (int i = 0; i < reader.getNamespaceCount(); i++) {
      String prefix = reader.getNamespacePrefix(i);
      declarations.append(prefix == null || prefix.isEmpty() ? " xmlns" : " xmlns:" + prefix);
      declarations.append("='");
      String uri = reader.getNamespaceURI(i);
      XmlWriter.escape(declarations, uri == null ? "" : uri, true);
      declarations.append('\'');
    }
  }

  private static Open start(XMLStreamReader reader) {
    List<Attribute> attributes = new ArrayList<>(reader.getAttributeCount());
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      attributes.add(
          new Attribute(
              orEmpty(reader.getAttributePrefix(i)),
              orEmpty(reader.getAttributeNamespace(i)),
              reader.getAttributeLocalName(i),
              reader.getAttributeValue(i)));
    }
    return new Open(orEmpty(reader.getNamespaceURI()), reader.getLocalName(), attributes);
  }

  private static String orEmpty(String value) {
    return value == null ? "" : value;
  }

  private static XmlFault fault(XMLStreamException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("nbound")) {
      return new XmlFault(Kind.BAD_NAMESPACE_PREFIX, "a prefix is not bound");
    }
    if (message.contains("UTF-8")) {
      return new XmlFault(Kind.UNSUPPORTED_ENCODING, "streams are UTF-8");
    }
    if (message.contains("ntity")) {
      return new XmlFault(Kind.RESTRICTED_XML, "only the predefined entities are allowed");
    }
    return new XmlFault(Kind.NOT_WELL_FORMED, "not XML");
  }

  private static void close(XMLStreamReader reader) {
    if (reader == null) {
      return;
    }
    try {
      reader.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("closing a reader of memory", e);
    }
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = new InputFactoryImpl();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  /** An element whose end tag has not come yet. */
  private static final class Open {
    private final String namespace;
    private final String name;
    private final List<Attribute> attributes;
    private final List<Node> children = new ArrayList<>(4);

    Open(String namespace, String name, List<Attribute> attributes) {
      this.namespace = namespace;
      this.name = name;
      this.attributes = attributes;
    }

    Element close() {
      return new Element(namespace, name, attributes, children);
    }
  }
}
