package dev.sotto.signalling.stream.management;

import dev.sotto.signalling.xml.Attribute;
import dev.sotto.signalling.xml.Element;
import dev.sotto.signalling.xml.Node;
import dev.sotto.signalling.xml.Text;

/** An upper bound of a stanza's bytes on the wire, without writing it. */
final class StanzaWeight {

  /** Angle brackets, slash and a namespace declaration's frame. */
  private static final int TAGS = 5 + " xmlns=''".length();

  private static final int LONGEST_ENTITY = "&quot;".length();

  private StanzaWeight() {}

  static int bytes(Element element) {
    return bytes(element, "");
  }

  private static int bytes(Element element, String context) {
    int sum = TAGS + 2 * utf8(element.name());
    if (!element.namespace().equals(context)) {
      sum += utf8(element.namespace());
    }
    for (Attribute attribute : element.attributes()) {
      sum += 4 + utf8(attribute.name()) + utf8(attribute.value());
      if (!attribute.namespace().isEmpty()) {
        sum += TAGS + 2 * utf8(attribute.prefix()) + utf8(attribute.namespace());
      }
    }
    for (Node child : element.children()) {
      sum +=
          switch (child) {
            case Element nested -> bytes(nested, element.namespace());
            case Text text -> utf8(text.value());
          };
    }
    return sum;
  }

  private static int utf8(String text) {
    int sum = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      sum += c > 0x7f ? 3 : isEscaped(c) ? LONGEST_ENTITY : 1;
    }
    return sum;
  }

  private static boolean isEscaped(char c) {
    return switch (c) {
      case '<', '>', '&', '\'', '"', '\r', '\n', '\t' -> true;
      default -> false;
    };
  }
}
