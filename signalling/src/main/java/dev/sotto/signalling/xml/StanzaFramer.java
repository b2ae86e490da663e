package dev.sotto.signalling.xml;

import dev.sotto.signalling.xml.XmlFault.Kind;
import io.netty.buffer.ByteBuf;

/**
 * Finds where a stanza ends in a byte stream: depth, quotes and CDATA in a few words of state, so
 * that an idle connection owns no parser. It refuses what RFC 6120 section 11.1 forbids before any
 * parser sees it, and caps size and depth. It validates nothing else: a cut-out piece is XML only
 * once {@link StanzaParser} has read it.
 *
 * <p>Owned by one event loop. Call {@link #next} until it says {@link Cut#NEED_MORE}; the piece is
 * the {@link #length()} bytes at the buffer's reader index, which the caller then skips.
 */
public final class StanzaFramer {

  /** What lies at the reader index. */
  public enum Cut {
    /** Nothing whole yet. */
    NEED_MORE,
    /** White space between stanzas, a keep-alive (RFC 6120 section 4.6.1). */
    WHITESPACE,
    /** The XML declaration. */
    DECLARATION,
    /** The opening tag of the stream. */
    STREAM_OPEN,
    /** One complete first-level element. */
    STANZA,
    /** The closing tag of the stream. */
    STREAM_CLOSE
  }

  /** What the outermost element is. */
  public enum Layout {
    /** RFC 6120: stanzas inside one long-lived {@code <stream:stream>}. */
    STREAM,
    /** RFC 7395: each message holds exactly one element. */
    MESSAGES
  }

  private static final int MAX_DEPTH = 64;

  /**
   * Elements and attributes of one piece. Each costs a tree node many times its size on the wire,
   * and names that a parser's table takes for each other cost its square.
   */
  private static final int MAX_NAMES = 4096;

  private static final byte[] CDATA = {'[', 'C', 'D', 'A', 'T', 'A', '['};

  private static final byte TEXT = 0;
  private static final byte AFTER_LESS_THAN = 1;
  private static final byte OPEN_TAG = 2;
  private static final byte OPEN_TAG_SLASH = 3;
  private static final byte SINGLE_QUOTED = 4;
  private static final byte DOUBLE_QUOTED = 5;
  private static final byte CLOSE_TAG = 6;
  private static final byte CDATA_START = 7;
  private static final byte CDATA_TEXT = 8;
  private static final byte CDATA_BRACKET = 9;
  private static final byte CDATA_TWO_BRACKETS = 10;
  private static final byte DECLARATION = 11;
  private static final byte DECLARATION_QUESTION = 12;

  private final int stanzaDepth;
  private int maxBytes;
  private byte state = TEXT;
  private byte matched;
  private boolean atStart = true;
  private int depth;
  private int names;
  private int scanned;
  private int length;

  /** A framer whose pieces may have {@code maxBytes} at most. */
  public StanzaFramer(Layout layout, int maxBytes) {
    this.stanzaDepth = layout == Layout.STREAM ? 1 : 0;
    this.maxBytes = maxBytes;
  }

  /** Changes the cap, once a client has proven who it is. */
  public void maxBytes(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Forgets everything, for the new stream after STARTTLS or SASL (RFC 6120 section 4.3.3). */
  public void reset() {
    state = TEXT;
    depth = 0;
    names = 0;
    scanned = 0;
    atStart = true;
  }

  /** Size in bytes of the piece that {@link #next} found. */
  public int length() {
    return length;
  }

  /** Looks at the bytes that have arrived since the last call. */
  public Cut next(ByteBuf in) throws XmlFault {
    int start = in.readerIndex();
    int end = in.writerIndex();
    for (int i = start + scanned; i < end; i++) {
      byte b = in.getByte(i);
      Cut cut = step(b, i - start);
      if (cut != Cut.NEED_MORE) {
        scanned = 0;
        names = 0;
        atStart &= cut == Cut.WHITESPACE;
        return cut;
      }
    }
    scanned = end - start;
    if (scanned > 0 && state == TEXT && isBetweenStanzas()) {
      // Not kept until the next stanza: a keep-alive is heard now, and none of them ever piles up.
      length = scanned;
      scanned = 0;
      return Cut.WHITESPACE;
    }
    if (scanned > maxBytes) {
      throw new XmlFault(Kind.POLICY_VIOLATION, "a stanza may have " + maxBytes + " bytes");
    }
    return Cut.NEED_MORE;
  }

  private Cut step(byte b, int offset) throws XmlFault {
    switch (state) {
      case TEXT -> {
        if (b == '<') {
          if (offset > 0 && isBetweenStanzas()) {
            length = offset;
            return Cut.WHITESPACE;
          }
          state = AFTER_LESS_THAN;
        } else if (isBetweenStanzas() && !isWhitespace(b)) {
          throw new XmlFault(Kind.BAD_FORMAT, "text between stanzas");
        }
      }
      case AFTER_LESS_THAN -> afterLessThan(b, offset);
      case OPEN_TAG -> {
        switch (b) {
          case '>' -> {
            return openTagEnds(offset);
          }
          case '/' -> state = OPEN_TAG_SLASH;
          case '\'' -> {
            countName();
            state = SINGLE_QUOTED;
          }
          case '"' -> {
            countName();
            state = DOUBLE_QUOTED;
          }
          case '<' -> throw new XmlFault(Kind.NOT_WELL_FORMED, "< inside a tag");
          default -> {}
        }
      }
      case OPEN_TAG_SLASH -> {
        if (b != '>') {
          throw new XmlFault(Kind.NOT_WELL_FORMED, "/ inside a tag");
        }
        state = TEXT;
        if (depth == stanzaDepth) {
          return found(Cut.STANZA, offset);
        } else if (depth == 0) {
          throw new XmlFault(Kind.BAD_FORMAT, "the stream ends where it opens");
        }
      }
      case SINGLE_QUOTED -> quoted(b, '\'');
      case DOUBLE_QUOTED -> quoted(b, '"');
      case CLOSE_TAG -> {
        if (b == '>') {
          return closeTagEnds(offset);
        }
      }
      case CDATA_START -> {
        if (b != CDATA[matched]) {
          throw new XmlFault(Kind.RESTRICTED_XML, "comments and DTDs are not allowed");
        }
        matched++;
        if (matched == CDATA.length) {
          state = CDATA_TEXT;
        }
      }
      case CDATA_TEXT -> {
        if (b == ']') {
          state = CDATA_BRACKET;
        }
      }
      case CDATA_BRACKET -> state = b == ']' ? CDATA_TWO_BRACKETS : CDATA_TEXT;
      case CDATA_TWO_BRACKETS -> {
        if (b == '>') {
          state = TEXT;
        } else if (b != ']') {
          state = CDATA_TEXT;
        }
      }
      case DECLARATION -> {
        if (b == '?') {
          state = DECLARATION_QUESTION;
        }
      }
      case DECLARATION_QUESTION -> {
        if (b == '>') {
          state = TEXT;
          return found(Cut.DECLARATION, offset);
        }
        throw new XmlFault(Kind.NOT_WELL_FORMED, "? inside the XML declaration");
      }
      default -> throw new IllegalStateException("state " + state);
    }
    if (offset >= maxBytes) {
      throw new XmlFault(Kind.POLICY_VIOLATION, "a stanza may have " + maxBytes + " bytes");
    }
    return Cut.NEED_MORE;
  }

  private boolean isBetweenStanzas() {
    return depth <= stanzaDepth;
  }

  private void afterLessThan(byte b, int offset) throws XmlFault {
    switch (b) {
      case '/' -> {
        if (depth == 0) {
          throw new XmlFault(Kind.NOT_WELL_FORMED, "an end tag without its start");
        }
        state = CLOSE_TAG;
      }
      case '!' -> {
        if (isBetweenStanzas()) {
          throw new XmlFault(Kind.RESTRICTED_XML, "comments, DTDs and CDATA between stanzas");
        }
        matched = 0;
        state = CDATA_START;
      }
      case '?' -> {
        if (!atStart || depth != 0 || offset != 1) {
          throw new XmlFault(Kind.RESTRICTED_XML, "processing instructions are not allowed");
        }
        state = DECLARATION;
      }
      case '<', '>', ' ', '\t', '\r', '\n' ->
          throw new XmlFault(Kind.NOT_WELL_FORMED, "a tag without a name");
      default -> {
        countName();
        state = OPEN_TAG;
      }
    }
  }

  private void countName() throws XmlFault {
    names++;
    if (names > MAX_NAMES) {
      throw new XmlFault(
          Kind.POLICY_VIOLATION, "a stanza may have " + MAX_NAMES + " elements and attributes");
    }
  }

  private void quoted(byte b, char quote) throws XmlFault {
    if (b == quote) {
      state = OPEN_TAG;
    } else if (b == '<') {
      throw new XmlFault(Kind.NOT_WELL_FORMED, "< inside an attribute");
    }
  }

  private Cut openTagEnds(int offset) throws XmlFault {
    state = TEXT;
    depth++;
    if (depth > MAX_DEPTH) {
      throw new XmlFault(Kind.POLICY_VIOLATION, "elements nest deeper than " + MAX_DEPTH);
    }
    return stanzaDepth == 1 && depth == 1 ? found(Cut.STREAM_OPEN, offset) : Cut.NEED_MORE;
  }

  private Cut closeTagEnds(int offset) {
    state = TEXT;
    depth--;
    if (depth == stanzaDepth) {
      return found(Cut.STANZA, offset);
    }
    return depth < stanzaDepth ? found(Cut.STREAM_CLOSE, offset) : Cut.NEED_MORE;
  }

  private Cut found(Cut cut, int offset) {
    length = offset + 1;
    return cut;
  }

  private static boolean isWhitespace(byte b) {
    return b == ' ' || b == '\n' || b == '\t' || b == '\r';
  }
}
