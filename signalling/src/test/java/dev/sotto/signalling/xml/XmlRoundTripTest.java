package dev.sotto.signalling.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sotto.signalling.xml.StanzaFramer.Cut;
import dev.sotto.signalling.xml.StanzaFramer.Layout;
import dev.sotto.signalling.xml.StanzaParser.StreamContext;
import dev.sotto.signalling.xml.XmlFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NamedNodeMap;
import org.xml.sax.InputSource;

/** What a client sends is what another one receives, and is XML for any parser. */
final class XmlRoundTripTest {

  private static final String STREAMS = "http://etherx.jabber.org/streams";

  @Property(tries = 400)
  void theInfosetSurvivesInEveryPlaceOfWriting(@ForAll("elements") Element element)
      throws XmlFault {
    for (String context : List.of("", "jabber:client", "urn:a")) {
      String written = XmlWriter.toString(element, context);
      assertThat(parse(written, contextOf(context))).as(written).isEqualTo(element);
    }
  }

  @Property(tries = 200)
  void anotherParserReadsTheSame(@ForAll("elements") Element element) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setCoalescing(true);
    var document =
        factory
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(XmlWriter.toString(element, ""))));
    assertThat(fromDom(document.getDocumentElement())).isEqualTo(sorted(element));
  }

  @Property(tries = 2000)
  void randomBytesAreRefusedAsFaultsAndNothingElse(@ForAll("almostXml") byte[] input) {
    for (Layout layout : Layout.values()) {
      StanzaFramer framer = new StanzaFramer(layout, 200);
      ByteBuf in = Unpooled.copiedBuffer(input);
      StreamContext context = StanzaParser.NO_CONTEXT;
      try {
        Cut cut = framer.next(in);
        while (cut != Cut.NEED_MORE) {
          switch (cut) {
            case STREAM_OPEN ->
                context = StanzaParser.parseStreamOpen(in, framer.length()).context();
            case STANZA -> {
              Element element = StanzaParser.parse(in, framer.length(), context);
              assertThat(parse(XmlWriter.toString(element, ""), StanzaParser.NO_CONTEXT))
                  .isEqualTo(element);
            }
            case DECLARATION -> StanzaParser.checkDeclaration(in, framer.length());
            default -> {}
          }
          in.skipBytes(framer.length());
          cut = framer.next(in);
        }
      } catch (XmlFault expected) {
        assertThat(expected.kind()).isNotNull();
      }
    }
  }

  @Provide
  Arbitrary<byte[]> almostXml() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "<",
            ">",
            "/",
            "</",
            "/>",
            "'",
            "\"",
            "=",
            "a",
            "a:b",
            " ",
            "xmlns='u'",
            "xmlns:a='u'",
            "<a>",
            "</a>",
            "<b ",
            "<a/>",
            "&amp;",
            "&#0;",
            "&#xD800;",
            "&#1114112;",
            "&lol;",
            "<![CDATA[",
            "]]>",
            "]",
            "<?xml version='1.0'?>",
            "<!",
            "<?",
            "?>",
            "xml:lang='en'",
            "\0",
            "\u0001",
            "\uFFFE",
            "é",
            "😀",
            "xmlns:xml='u'",
            "xmlns:xmlns='u'",
            "xmlns:b=''");
    Arbitrary<byte[]> texts =
        pieces
            .list()
            .ofMaxSize(30)
            .map(list -> String.join("", list).getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(12);
    return Combinators.combine(texts, bytes, Arbitraries.integers().between(0, 3))
        .as((text, raw, kind) -> kind > 0 ? text : concat(text, raw));
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = new byte[a.length + b.length];
    System.arraycopy(a, 0, both, 0, a.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  @Provide
  Arbitrary<Element> elements() {
    Arbitrary<Element> leaf = element(Arbitraries.just(List.of()));
    Arbitrary<Element> branch = element(children(leaf));
    return Arbitraries.oneOf(leaf, branch, element(children(branch)));
  }

  private static Arbitrary<List<Node>> children(Arbitrary<Element> below) {
    return Arbitraries.oneOf(below.map(Node.class::cast), text().map(Text::new))
        .list()
        .ofMaxSize(4)
        .map(XmlRoundTripTest::joinTexts);
  }

  /** Two texts beside each other are one in XML. */
  private static List<Node> joinTexts(List<? extends Node> nodes) {
    List<Node> joined = new ArrayList<>();
    for (Node node : nodes) {
      if (node instanceof Text(String value)
          && !joined.isEmpty()
          && joined.getLast() instanceof Text(String before)) {
        joined.set(joined.size() - 1, new Text(before + value));
      } else {
        joined.add(node);
      }
    }
    return joined;
  }

  private static Arbitrary<Element> element(Arbitrary<? extends List<? extends Node>> children) {
    Arbitrary<String> namespaces =
        Arbitraries.of("", "jabber:client", "urn:a", "urn:b?x='1'&y=<2>", STREAMS);
    Arbitrary<String> names = Arbitraries.of("a", "message", "body", "é", "x-1.y");
    return Combinators.combine(namespaces, names, attributes(), children)
        .as((namespace, name, attributes, nodes) ->
            new Element(namespace, name, attributes, List.copyOf(nodes)));
  }

  private static Arbitrary<List<Attribute>> attributes() {
    Arbitrary<Attribute> plain =
        Combinators.combine(Arbitraries.of("to", "id", "value"), text()).as(Attribute::of);
    Arbitrary<Attribute> prefixed =
        Combinators.combine(Arbitraries.of("p", "q", "stream", "ns1"), text())
            .as((prefix, value) -> new Attribute(prefix, "urn:of:" + prefix, "n", value));
    Arbitrary<Attribute> language = Arbitraries.of("en", "de").map(Attribute::lang);
    return Arbitraries.oneOf(plain, prefixed, language)
        .list()
        .ofMaxSize(4)
        .uniqueElements(attribute -> attribute.namespace() + attribute.name());
  }

  private static Arbitrary<String> text() {
    return Arbitraries.of("<", ">", "&", "'", "\"", "\r", "\n", "\t", " ", "]]>", "ä", "😀", "x")
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(list -> String.join("", list));
  }

  @Test
  void prefixesBoundOnTheStreamHeaderResolveInStanzas() throws XmlFault {
    StreamContext context =
        header(
            "<s:stream xmlns='jabber:client' xmlns:s='"
                + STREAMS
                + "' xmlns:p='urn:&lt;p>&apos;' to='d'>");
    Element stanza = parse("<message p:a='1'><p:x/><s:y/></message>", context);
    assertThat(stanza.namespace()).isEqualTo("jabber:client");
    assertThat(stanza.attributes()).containsExactly(new Attribute("p", "urn:<p>'", "a", "1"));
    assertThat(stanza.elements())
        .extracting(Element::namespace)
        .containsExactly("urn:<p>'", STREAMS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOT_WELL_FORMED      | <a></b>",
        "NOT_WELL_FORMED      | <a></context>",
        "NOT_WELL_FORMED      | <a></a b='>",
        "NOT_WELL_FORMED      | <a b='1' b='2'/>",
        "NOT_WELL_FORMED      | <a b=1/>",
        "NOT_WELL_FORMED      | <a>]]></a>",
        "BAD_NAMESPACE_PREFIX | <p:a/>",
        "BAD_NAMESPACE_PREFIX | <a p:b=''/>",
        "BAD_NAMESPACE_PREFIX | <a xmlns:p='' p:b='1' b='2'/>",
        "BAD_NAMESPACE_PREFIX | <p:a xmlns:p=''/>",
        "RESTRICTED_XML       | <a>&lol;</a>",
        "RESTRICTED_XML       | <a b='&lol;'/>",
      })
  void whatTheFramerLetsThroughTheParserRefuses(Kind kind, String input) throws XmlFault {
    for (StreamContext context : List.of(StanzaParser.NO_CONTEXT, contextOf("jabber:client"))) {
      assertThat(refusal(input.getBytes(StandardCharsets.UTF_8), context)).isEqualTo(kind);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"&#0;", "&#1;", "&#xFFFE;", "&#xD800;", "&#x110000;", "\u0001", "\uFFFF"})
  void charactersThatXmlDoesNotHaveAreRefused(String character) {
    // They would end the stream of whoever they are passed on to.
    assertThat(refusal("<a>" + character + "</a>")).isNotNull();
    assertThat(refusal("<a b='" + character + "'/>")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "c080", "c1bf", "e08080", "eda080", "f4908080", "c3", "80"})
  void bytesThatAreNotUtf8AreRefused(String hex) {
    byte[] bytes = HexFormat.of().parseHex("3c613e" + hex + "3c2f613e");
    assertThat(refusal(bytes)).isEqualTo(Kind.UNSUPPORTED_ENCODING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<?xml version='1.0'?>                                    |",
        "<?xml version=\"1.0\" encoding=\"utf-8\" standalone='yes' ?> |",
        "<?xml version='1.0' encoding='UTF-16'?>                  | UNSUPPORTED_ENCODING",
        "<?xml-stylesheet href='x'?>                              | NOT_WELL_FORMED",
        "<?php?>                                                  | NOT_WELL_FORMED",
      })
  void onlyADeclarationOfUtf8IsADeclaration(String declaration, Kind refused) {
    ByteBuf in = Unpooled.copiedBuffer(declaration, StandardCharsets.UTF_8);
    XmlFault fault =
        catchThrowableOfType(
            XmlFault.class, () -> StanzaParser.checkDeclaration(in, in.readableBytes()));
    assertThat(fault == null ? null : fault.kind()).isEqualTo(refused);
  }

  @Test
  void stanzasOnTcpCarryNoDeclarationAndFramesTheirOwn() {
    Element message = Element.of("jabber:client", "message", "to", "a'b").plus("x");
    assertThat(XmlWriter.toString(message, "jabber:client"))
        .isEqualTo("<message to='a&apos;b'>x</message>");
    assertThat(XmlWriter.toString(message, ""))
        .isEqualTo("<message xmlns='jabber:client' to='a&apos;b'>x</message>");
  }

  @Test
  void streamElementsKeepThePrefixThatClientsLookFor() {
    Element features = Element.of(STREAMS, "features").plus(Element.of("urn:b", "bind"));
    assertThat(XmlWriter.toString(features, "jabber:client"))
        .isEqualTo("<stream:features><bind xmlns='urn:b'/></stream:features>");
    assertThat(XmlWriter.toString(features, ""))
        .isEqualTo(
            "<stream:features xmlns:stream='%s'><bind xmlns='urn:b'/></stream:features>", STREAMS);
  }

  @Test
  void endlesslyManyNamesDoNotFillTheMemory() throws XmlFault {
    long before = usedHeap();
    for (int stanza = 0; stanza < 300; stanza++) {
      StringBuilder xml = new StringBuilder("<a>");
      for (int i = 0; i < 3000; i++) {
        xml.append("<a-long-name-number-").append(stanza).append('-').append(i).append("/>");
      }
      parse(xml.append("</a>").toString(), StanzaParser.NO_CONTEXT);
    }
    // 0.9 million names of at least 100 bytes each, were they kept.
    assertThat(usedHeap() - before).isLessThan(60_000_000);
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static StreamContext contextOf(String namespace) throws XmlFault {
    return namespace.isEmpty()
        ? StanzaParser.NO_CONTEXT
        : header("<stream:stream xmlns='" + namespace + "' xmlns:stream='" + STREAMS + "'>");
  }

  private static StreamContext header(String tag) throws XmlFault {
    ByteBuf in = Unpooled.copiedBuffer(tag, StandardCharsets.UTF_8);
    return StanzaParser.parseStreamOpen(in, in.readableBytes()).context();
  }

  private static Element parse(String xml, StreamContext context) throws XmlFault {
    return parse(xml.getBytes(StandardCharsets.UTF_8), context);
  }

  private static Element parse(byte[] xml, StreamContext context) throws XmlFault {
    ByteBuf in = Unpooled.wrappedBuffer(xml);
    return StanzaParser.parse(in, in.readableBytes(), context);
  }

  private static Kind refusal(String xml) {
    return refusal(xml.getBytes(StandardCharsets.UTF_8));
  }

  private static Kind refusal(byte[] xml) {
    return refusal(xml, StanzaParser.NO_CONTEXT);
  }

  private static Kind refusal(byte[] xml, StreamContext context) {
    XmlFault fault = catchThrowableOfType(XmlFault.class, () -> parse(xml, context));
    return fault == null ? null : fault.kind();
  }

  private static Element fromDom(org.w3c.dom.Element dom) {
    List<Attribute> attributes = new ArrayList<>();
    List<Node> children = new ArrayList<>();
    NamedNodeMap map = dom.getAttributes();
    for (int i = 0; i < map.getLength(); i++) {
      org.w3c.dom.Node attribute = map.item(i);
      if (!"http://www.w3.org/2000/xmlns/".equals(attribute.getNamespaceURI())) {
        attributes.add(
            new Attribute(
                orEmpty(attribute.getPrefix()),
                orEmpty(attribute.getNamespaceURI()),
                attribute.getLocalName(),
                attribute.getNodeValue()));
      }
    }
    for (org.w3c.dom.Node node = dom.getFirstChild(); node != null; node = node.getNextSibling()) {
      children.add(
          node instanceof org.w3c.dom.Element element
              ? fromDom(element)
              : new Text(node.getNodeValue()));
    }
    return sorted(
        new Element(orEmpty(dom.getNamespaceURI()), dom.getLocalName(), attributes, children));
  }

  /** The DOM does not keep the order of attributes. */
  private static Element sorted(Element element) {
    return new Element(
        element.namespace(),
        element.name(),
        element.attributes().stream()
            .sorted(Comparator.comparing(Attribute::namespace).thenComparing(Attribute::name))
            .toList(),
        element.children().stream()
            .map(node -> node instanceof Element child ? sorted(child) : node)
            .toList());
  }

  private static String orEmpty(String value) {
    return value == null ? "" : value;
  }
}
