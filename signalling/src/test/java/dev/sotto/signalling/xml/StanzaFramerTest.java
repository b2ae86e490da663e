package dev.sotto.signalling.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sotto.signalling.xml.StanzaFramer.Cut;
import dev.sotto.signalling.xml.StanzaFramer.Layout;
import dev.sotto.signalling.xml.XmlFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where stanzas end in a stream of bytes, and what is refused before a parser sees it. */
final class StanzaFramerTest {

  private static final String OPEN = "<stream:stream xmlns='jabber:client' xmlns:stream='s'>";

  @Test
  void aStreamIsCutTheSameWhereverThePacketsEnd() throws XmlFault {
    String stream =
        "<?xml version='1.0'?>"
            + OPEN
            + "<message to=\"a'>b\"><body>x > y</body><x/><y a='>/'></y></message>\n"
            + "<presence/><iq><a><![CDATA[</iq> ]] ]]]>]]]]><b/></a></iq></stream:stream>";
    List<String> expected =
        List.of(
            "DECLARATION <?xml version='1.0'?>",
            "STREAM_OPEN " + OPEN,
            "STANZA <message to=\"a'>b\"><body>x > y</body><x/><y a='>/'></y></message>",
            "STANZA <presence/>",
            "STANZA <iq><a><![CDATA[</iq> ]] ]]]>]]]]><b/></a></iq>",
            "STREAM_CLOSE </stream:stream>");
    for (int first = 0; first < stream.length(); first++) {
      for (int second : List.of(first, first + 1, (first + stream.length()) / 2)) {
        assertThat(cut(new StanzaFramer(Layout.STREAM, 1000), stream, first, second))
            .as("packets end at %d and %d", first, second)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void aWebSocketMessageIsOneElement() throws XmlFault {
    assertThat(cut(new StanzaFramer(Layout.MESSAGES, 1000), "<a><b/>t</a>", 3, 5))
        .containsExactly("STANZA <a><b/>t</a>");
  }

  @Test
  void whiteSpaceBetweenStanzasIsHeardAtOnceAndNeverPilesUp() throws XmlFault {
    StanzaFramer framer = new StanzaFramer(Layout.STREAM, 100);
    ByteBuf in = bytes(OPEN);
    assertThat(framer.next(in)).isEqualTo(Cut.STREAM_OPEN);
    in.skipBytes(framer.length());
    for (int i = 0; i < 1000; i++) {
      in.writeByte(' ');
      assertThat(framer.next(in)).isEqualTo(Cut.WHITESPACE);
      in.skipBytes(framer.length()).discardReadBytes();
    }
    in.writeBytes(bytes("<a/>"));
    assertThat(framer.next(in)).isEqualTo(Cut.STANZA);
  }

  @Test
  void whiteSpaceMayComeBeforeTheDeclarationOfARestartedStream() throws XmlFault {
    assertThat(cut(new StanzaFramer(Layout.STREAM, 100), "\n<?xml version='1.0'?>" + OPEN, 1, 1))
        .containsExactly("DECLARATION <?xml version='1.0'?>", "STREAM_OPEN " + OPEN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RESTRICTED_XML   | <!DOCTYPE a>",
        "RESTRICTED_XML   | <!DOCTYPE lol [<!ENTITY lol 'lol'>]>",
        "RESTRICTED_XML   | <!-- comment -->",
        "RESTRICTED_XML   | <a><!-- comment --></a>",
        "RESTRICTED_XML   | <a><!DOCTYPE a></a>",
        "RESTRICTED_XML   | <a><![CDATO[]]></a>",
        "RESTRICTED_XML   | <![CDATA[text]]>",
        "RESTRICTED_XML   | <?php evil ?>",
        "RESTRICTED_XML   | <a><?php evil ?></a>",
        "BAD_FORMAT       | text",
        "BAD_FORMAT       | <a/>text",
        "BAD_FORMAT       | &lt;",
        "NOT_WELL_FORMED  | <>",
        "NOT_WELL_FORMED  | < a/>",
        "NOT_WELL_FORMED  | <<a/>",
        "NOT_WELL_FORMED  | <a <b/>>",
        "NOT_WELL_FORMED  | <a b='<'/>",
        "NOT_WELL_FORMED  | <a /b>",
      })
  void whatRfc6120ForbidsIsRefused(Kind kind, String input) {
    assertThat(refusal(new StanzaFramer(Layout.STREAM, 1000), OPEN + input)).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"</a>", "<stream:stream/>"})
  void aStreamBeginsWithItsOpeningTag(String input) {
    assertThat(refusal(new StanzaFramer(Layout.STREAM, 1000), input)).isNotNull();
  }

  @Test
  void anEndTagThatIsTooMuchClosesTheStreamAndTouchesNothingElse() throws XmlFault {
    assertThat(cut(new StanzaFramer(Layout.STREAM, 1000), OPEN + "</context>", 3, 60))
        .containsExactly("STREAM_OPEN " + OPEN, "STREAM_CLOSE </context>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<a b='", "<a><b>", "<a><![CDATA[", "</"})
  void whatIsLargerThanAllowedIsRefusedBeforeItsEnd(String start) {
    StanzaFramer framer = new StanzaFramer(Layout.STREAM, 100);
    assertThat(refusal(framer, OPEN + start + "x".repeat(100))).isEqualTo(Kind.POLICY_VIOLATION);
  }

  @Test
  void theLargestAllowedStanzaPasses() throws XmlFault {
    String stanza = "<a>" + "x".repeat(93) + "</a>";
    assertThat(stanza).hasSize(100);
    assertThat(cut(new StanzaFramer(Layout.STREAM, 100), OPEN + stanza, 60, 70))
        .containsExactly("STREAM_OPEN " + OPEN, "STANZA " + stanza);
  }

  @Test
  void deepNestingIsRefused() {
    assertThat(refusal(new StanzaFramer(Layout.STREAM, 10_000), OPEN + "<a>".repeat(64)))
        .isEqualTo(Kind.POLICY_VIOLATION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<b/>", " b=''", " b=\"\""})
  void thousandsOfElementsOrAttributesInOneStanzaAreRefused(String piece) throws XmlFault {
    String start = piece.startsWith("<") ? "<a>" : "<a";
    assertThat(refusal(new StanzaFramer(Layout.STREAM, 100_000), OPEN + start + piece.repeat(4096)))
        .isEqualTo(Kind.POLICY_VIOLATION);
    String allowed = "<a>" + "<b/>".repeat(4000) + "</a>";
    assertThat(cut(new StanzaFramer(Layout.STREAM, 100_000), OPEN + allowed + allowed, 99, 100))
        .hasSize(3);
  }

  /** Feeds {@code stream} in three packets and names what was cut, white space left out. */
  private static List<String> cut(StanzaFramer framer, String stream, int first, int second)
      throws XmlFault {
    byte[] all = stream.getBytes(StandardCharsets.UTF_8);
    ByteBuf in = Unpooled.buffer(all.length);
    List<String> pieces = new ArrayList<>();
    int fed = 0;
    for (int until : new int[] {first, Math.min(second, all.length), all.length}) {
      in.writeBytes(all, fed, until - fed);
      fed = until;
      Cut cut = framer.next(in);
      while (cut != Cut.NEED_MORE) {
        String piece = in.readCharSequence(framer.length(), StandardCharsets.UTF_8).toString();
        if (cut != Cut.WHITESPACE) {
          pieces.add(cut + " " + piece);
        }
        cut = framer.next(in);
      }
    }
    assertThat(in.readableBytes()).isZero();
    return pieces;
  }

  private static Kind refusal(StanzaFramer framer, String stream) {
    XmlFault fault =
        catchThrowableOfType(
            XmlFault.class, () -> cut(framer, stream, stream.length(), stream.length()));
    return fault == null ? null : fault.kind();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }
}
