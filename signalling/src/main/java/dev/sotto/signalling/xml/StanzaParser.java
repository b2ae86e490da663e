package dev.sotto.signalling.xml;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import dev.sotto.signalling.xml.XmlFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.CharsetUtil;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  public static final StreamContext NO_CONTEXT = new StreamContext("", "", "");

  /**
   * How much input one factory reads. It remembers every name that it ever saw, for good, in a
   * table that grows slow: clients could fill the memory with names, and after 30,000 of them a
   * stanza of 86 kB took 270 ms to read. Starting again costs no more than the names of a call.
   */
  private static final int FACTORY_BYTES = 1 << 17;

  private static final Pattern DECLARATION =
      Pattern.compile(
          "<\\?xml\\s+version\\s*=\\s*['\"]1\\.[0-9]+['\"]"
              + "(\\s+encoding\\s*=\\s*['\"](?<encoding>[A-Za-z][-A-Za-z0-9._]*)['\"])?"
              + "(\\s+standalone\\s*=\\s*['\"](yes|no)['\"])?\\s*\\?>");

  private static volatile XMLInputFactory factory = newFactory();
  private static final AtomicInteger factoryBytes = new AtomicInteger();

  private StanzaParser() {}

  /**
   * The namespace declarations of a stream header as an element around the stanza, so that prefixes
   * which the client bound there resolve (RFC 6120 section 4.8.5). {@code defaultNamespace} is that
   * of stanzas without a declaration.
   */
  public record StreamContext(String before, String after, String defaultNamespace) {}

  /** A stream header, and what stanzas after it inherit. */
  public record ParsedHeader(Element header, StreamContext context) {}

  /** Checks an XML declaration: streams are UTF-8 (RFC 6120 section 11.6). */
  public static void checkDeclaration(ByteBuf in, int length) throws XmlFault {
    String declaration = in.toString(in.readerIndex(), length, CharsetUtil.US_ASCII);
    Matcher matcher = DECLARATION.matcher(declaration);
    if (!matcher.matches()) {
      throw new XmlFault(Kind.NOT_WELL_FORMED, "not an XML declaration");
    }
    String encoding = matcher.group("encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("UTF-8")) {
      throw new XmlFault(Kind.UNSUPPORTED_ENCODING, "streams are UTF-8");
    }
  }

  /** Reads an opening tag of a stream; it is closed here so that a parser can read it. */
  public static ParsedHeader parseStreamOpen(ByteBuf in, int length) throws XmlFault {
    byte[] tag = new byte[length];
    in.getBytes(in.readerIndex(), tag);
    Declarations declarations = new Declarations();
    checkEncoding(in, length);
    countInput(length);
    Element header =
        parse(
            new SequenceInputStream(new ByteArrayInputStream(tag), utf8("</" + tagName(tag) + ">")),
            0,
            declarations,
            () -> new String(tag, CharsetUtil.UTF_8));
    return new ParsedHeader(header, declarations.asContext());
  }

  /** Reads the {@code length} bytes at the reader index, without moving it. */
  public static Element parse(ByteBuf in, int length, StreamContext context) throws XmlFault {
    checkEncoding(in, length);
    countInput(length + context.before().length());
    ByteBuf slice = in.slice(in.readerIndex(), length);
    InputStream stanza = new ByteBufInputStream(slice.duplicate());
    if (context.before().isEmpty()) {
      return parse(stanza, 0, new Declarations(), () -> slice.toString(CharsetUtil.UTF_8));
    }
    InputStream wrapped =
        new SequenceInputStream(
            Collections.enumeration(
                List.of(utf8(context.before()), stanza, utf8(context.after()))));
    return parse(
        wrapped, 1, new Declarations(), () -> context.before() + slice.toString(CharsetUtil.UTF_8));
  }

  /** The parser takes overlong forms, among them that of NUL, for what they stand for. */
  private static void checkEncoding(ByteBuf in, int length) throws XmlFault {
    if (!ByteBufUtil.isText(in, in.readerIndex(), length, CharsetUtil.UTF_8)) {
      throw new XmlFault(Kind.UNSUPPORTED_ENCODING, "streams are UTF-8");
    }
  }

  private static void countInput(int bytes) {
    if (factoryBytes.addAndGet(bytes) > FACTORY_BYTES) {
      factoryBytes.set(0);
      factory = newFactory();
    }
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

  /**
   * Elements above {@code skipDepth} are context; the first one below it is the result. {@code
   * text} is what is looked at if it is refused.
   */
  private static Element parse(
      InputStream in, int skipDepth, Declarations declarations, Supplier<String> text)
      throws XmlFault {
    Deque<Open> open = new ArrayDeque<>();
    XMLStreamReader reader = null;
    try {
      reader = factory.createXMLStreamReader(in, "UTF-8");
      int depth = 0;
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            if (depth >= skipDepth) {
              if (open.isEmpty()) {
                declarations.addAll(reader);
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
    } catch (XMLStreamException | RuntimeException ignored) {
      // The parser has unchecked exceptions of its own, some of them for what a client may send.
      throw FaultFinder.find(text.get());
    } finally {
      close(reader);
    }
  }

  private static Open start(XMLStreamReader reader) throws XmlFault {
    requireBound(reader.getPrefix(), reader.getNamespaceURI());
    List<Attribute> attributes = new ArrayList<>(reader.getAttributeCount());
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      requireBound(reader.getAttributePrefix(i), reader.getAttributeNamespace(i));
      attributes.add(
          new Attribute(
              orEmpty(reader.getAttributePrefix(i)),
              orEmpty(reader.getAttributeNamespace(i)),
              reader.getAttributeLocalName(i),
              reader.getAttributeValue(i)));
    }
    return new Open(orEmpty(reader.getNamespaceURI()), reader.getLocalName(), attributes);
  }

  /**
   * The parser lets a prefix be bound to nothing, which Namespaces in XML 1.0 section 5 forbids:
   * written without its prefix, such an attribute could stand twice in what the receiver reads.
   */
  private static void requireBound(String prefix, String namespace) throws XmlFault {
    if (!orEmpty(prefix).isEmpty() && orEmpty(namespace).isEmpty()) {
      throw new XmlFault(Kind.BAD_NAMESPACE_PREFIX, "a prefix is bound to nothing");
    }
  }

  private static String orEmpty(String value) {
    return value == null ? "" : value;
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

  private static XMLInputFactory newFactory() {
    XMLInputFactory factory = new InputFactoryImpl();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  /** The namespaces that the outermost element declares. */
  private static final class Declarations {
    private final StringBuilder context = new StringBuilder("<context");
    private String defaultNamespace = "";

    void addAll(XMLStreamReader reader) {
      for (int i = 0; i < reader.getNamespaceCount(); i++) {
        String prefix = orEmpty(reader.getNamespacePrefix(i));
        String uri = orEmpty(reader.getNamespaceURI(i));
        if (prefix.isEmpty()) {
          defaultNamespace = uri;
        }
        context.append(prefix.isEmpty() ? " xmlns" : " xmlns:" + prefix).append("='");
        XmlWriter.escape(context, uri, true);
        context.append('\'');
      }
    }

    StreamContext asContext() {
      return new StreamContext(context + ">", "</context>", defaultNamespace);
    }
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
