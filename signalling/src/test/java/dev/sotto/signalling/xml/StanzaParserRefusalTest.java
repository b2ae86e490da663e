package dev.sotto.signalling.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sotto.signalling.xml.StanzaParser.StreamContext;
import dev.sotto.signalling.xml.XmlFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By which error a stanza is refused, alone and inside a stream that binds prefixes. */
final class StanzaParserRefusalTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a>&nbsp;</a>",
        "<a b='&nbsp;'/>",
        "<a b=\"'&nbsp;\"/>",
        "<a>&a;&b;&c;</a>",
        "<a>&amp;&lt;&gt;&quot;&apos;&#65;&AMP;</a>",
        "<a><b/><c d='>'>&e;</c></a>"
      })
  void anEntityIsRestricted(String stanza) throws XmlFault {
    assertRefused(stanza, Kind.RESTRICTED_XML);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<p:a></p:a>",
        "<a p:b='1'/>",
        "<a b='>' p:b='1'/>",
        "<a><p:b/></a>",
        "<a><b xmlns:p='u'/><p:c/></a>",
        "<a><b xmlns:p='u'></b><p:c/></a>",
        "<a><![CDATA[<b xmlns:p='u'>]]><p:c/></a>",
        "<a\tp:b\n=\r'1'/>"
      })
  void aPrefixThatNothingBindsIsBad(String stanza) throws XmlFault {
    assertRefused(stanza, Kind.BAD_NAMESPACE_PREFIX);
  }

  /** What the parser says of these quotes their names, or has them in what it says. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<entity></entitx>",
        "<Entity></b>",
        "<unbound></unbounx>",
        "<UTF-8></UTF-9>",
        "<a entity='1' entity='2'/>",
        "<a Unbound='1' Unbound='2'/>",
        "<a xmlns:unbound='u' unbound:b='1' unbound:b='2'/>",
        "<a><![CDATA[&entity; <p:b/>]]></b>",
        "<a b='<p:c/>'/>",
        "<a xml:lang='entity' xml:lang='entity'/>"
      })
  void aNameDecidesNothing(String stanza) throws XmlFault {
    assertRefused(stanza, Kind.NOT_WELL_FORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a></b>",
        "<a b=1/>",
        "<a b/>",
        "<a b='1",
        "<a b",
        "<a",
        "<",
        "<a/",
        "<a>",
        "<a></",
        "<a><![CDATA[",
        "<1/>",
        "<:a/>",
        "<a:/>",
        "<a>&</a>",
        "<a>&;</a>",
        "<a>&amp</a>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>\u0001</a>",
        "<a b='\uFFFF'/>"
      })
  void whatIsNotXmlIsNotWellFormed(String stanza) throws XmlFault {
    assertRefused(stanza, Kind.NOT_WELL_FORMED);
  }

  private static void assertRefused(String stanza, Kind kind) throws XmlFault {
    StreamContext stream =
        StanzaParser.parseStreamOpen(
                bytes(
                    "<s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams'>"),
                75)
            .context();
    assertThat(faultOf(stanza, StanzaParser.NO_CONTEXT)).as("alone").isEqualTo(kind);
    assertThat(faultOf(stanza, stream)).as("in a stream").isEqualTo(kind);
  }

  private static Kind faultOf(String stanza, StreamContext context) {
    ByteBuf bytes = bytes(stanza);
    return catchThrowableOfType(
            XmlFault.class, () -> StanzaParser.parse(bytes, bytes.readableBytes(), context))
        .kind();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, UTF_8);
  }
}
