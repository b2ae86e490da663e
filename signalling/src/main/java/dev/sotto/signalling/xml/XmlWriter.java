package dev.sotto.signalling.xml;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes an {@link Element} for a place where {@code contextNamespace} is already the default
 * namespace, so that stanzas on TCP (RFC 6120 section 4.8.2) carry no declaration and frames of RFC
 * 7395 carry their own.
 */
public final class XmlWriter {

  private static final String STREAMS = "http://etherx.jabber.org/streams";

  private XmlWriter() {}

  /** The serialised form. */
  public static String toString(Element element, String contextNamespace) {
    StringBuilder out = new StringBuilder(256);
    write(out, element, contextNamespace);
    return out.toString();
  }

  /** The serialised form in UTF-8; the caller owns the buffer. */
  public static ByteBuf toBuffer(
      ByteBufAllocator allocator, Element element, String contextNamespace) {
    return ByteBufUtil.writeUtf8(allocator, toString(element, contextNamespace));
  }

  /** Appends the serialised form. */
  public static void write(StringBuilder out, Element element, String contextNamespace) {
    // Clients look for the literal "stream:" prefix on features and errors, though any would do.
    // Not below: there, what a client sent may have bound the prefix to something else.
    boolean prefixed =
        element.namespace().equals(STREAMS)
            && element.attributes().stream().noneMatch(a -> a.prefix().equals("stream"));
    write(out, element, contextNamespace, prefixed ? "stream:" : "");
  }

  private static void write(
      StringBuilder out, Element element, String contextNamespace, String prefix) {
    out.append('<').append(prefix).append(element.name());
    String inner = contextNamespace;
    if (!prefix.isEmpty()) {
      if (contextNamespace.isEmpty()) {
        out.append(" xmlns:stream='" + STREAMS + "'");
      }
    } else if (!element.namespace().equals(contextNamespace)) {
      out.append(" xmlns='");
      escape(out, element.namespace(), true);
      out.append('\'');
      inner = element.namespace();
    }
    writeAttributes(out, element);
    if (element.children().isEmpty()) {
      out.append("/>");
      return;
    }
    out.append('>');
    for (Node child : element.children()) {
      switch (child) {
        case Element nested -> write(out, nested, inner, "");
        case Text text -> escape(out, text.value(), false);
      }
    }
    out.append("</").append(prefix).append(element.name()).append('>');
  }

  private static void writeAttributes(StringBuilder out, Element element) {
    Map<String, String> declared = Map.of();
    for (Attribute attribute : element.attributes()) {
      out.append(' ');
      if (!attribute.namespace().isEmpty()) {
        String prefix = attribute.prefix();
        if (!prefix.equals("xml")) {
          if (declared.isEmpty()) {
            declared = new HashMap<>();
          }
          String bound = declared.putIfAbsent(prefix, attribute.namespace());
          if (prefix.isEmpty() || (bound != null && !bound.equals(attribute.namespace()))) {
            prefix = "ns" + declared.size();
            declared.put(prefix, attribute.namespace());
            bound = null;
          }
          if (bound == null) {
            out.append("xmlns:").append(prefix).append("='");
            escape(out, attribute.namespace(), true);
            out.append("' ");
          }
        }
        out.append(prefix).append(':');
      }
      out.append(attribute.name()).append("='");
      escape(out, attribute.value(), true);
      out.append('\'');
    }
  }

  /** Appends text with the predefined entities in place of markup; whitespace survives. */
  public static void escape(StringBuilder out, String text, boolean inAttribute) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '\r' -> out.append("&#13;");
        case '\'', '"', '\n', '\t' -> {
          if (!inAttribute) {
            out.append(c);
          } else if (c == '\'') {
            out.append("&apos;");
          } else if (c == '"') {
            out.append("&quot;");
          } else {
            out.append("&#").append((int) c).append(';');
          }
        }
        default -> out.append(c);
      }
    }
  }
}
