package dev.sotto.signalling.xml;

import dev.sotto.signalling.xml.XmlFault.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds out why the parser refused a piece, for RFC 6120 section 4.9.3 has errors of its own for
 * entities and for prefixes that nothing binds. The parser tells this apart only in sentences,
 * which quote the client; so the piece itself is looked at once more, tag by tag. What is neither
 * of the two, or cannot be followed, is not well-formed.
 */
final class FaultFinder {

  private static final Set<String> PREDEFINED = Set.of("amp", "lt", "gt", "quot", "apos");

  private final String text;
  private final Deque<Set<String>> bound = new ArrayDeque<>();
  private int at;

  private FaultFinder(String text) {
    this.text = text;
    bound.push(Set.of("xml", "xmlns"));
  }

  /** The fault of {@code text}: the piece, after the tags of the stream around it. */
  static XmlFault find(String text) {
    try {
      new FaultFinder(text).lookThrough();
    } catch (XmlFault found) {
      return found;
    } catch (StringIndexOutOfBoundsException ignored) {
      // It ends in the middle of a tag.
    }
    return new XmlFault(Kind.NOT_WELL_FORMED, "not XML");
  }

  private void lookThrough() throws XmlFault {
    while (at < text.length()) {
      if (text.startsWith("<![CDATA[", at)) {
        skipPast("]]>");
      } else if (text.startsWith("</", at)) {
        skipPast(">");
        bound.poll();
      } else if (text.charAt(at) == '<') {
        at++;
        startTag();
      } else {
        textUntil('<');
      }
    }
  }

  private void startTag() throws XmlFault {
    Set<String> used = new HashSet<>();
    Set<String> declared = new HashSet<>();
    use(name(), used);
    while (text.charAt(skipSpace()) != '>' && text.charAt(at) != '/') {
      String attribute = name();
      if (attribute.startsWith("xmlns:")) {
        declared.add(attribute.substring("xmlns:".length()));
      } else {
        use(attribute, used);
      }
      value();
    }
    bound.push(declared);
    for (String prefix : used) {
      if (bound.stream().noneMatch(scope -> scope.contains(prefix))) {
        throw new XmlFault(Kind.BAD_NAMESPACE_PREFIX, "a prefix is not bound");
      }
    }
    if (text.charAt(at) == '/') {
      bound.pop();
    }
    skipPast(">");
  }

  private static void use(String name, Set<String> used) {
    int colon = name.indexOf(':');
    if (colon > 0 && colon < name.length() - 1) {
      used.add(name.substring(0, colon));
    }
  }

  /** An attribute's value, from before its {@code =} to behind its quotes. */
  private void value() throws XmlFault {
    if (text.charAt(skipSpace()) != '=') {
      at = text.length();
    }
    at++;
    char quote = text.charAt(skipSpace());
    at++;
    textUntil(quote);
    at++;
  }

  /** Looks for references up to {@code end}, or the end of the piece. */
  private void textUntil(char end) throws XmlFault {
    while (at < text.length() && text.charAt(at) != end) {
      if (text.charAt(at) == '&') {
        at++;
        reference();
      } else {
        at++;
      }
    }
  }

  private void reference() throws XmlFault {
    int start = at;
    while (Character.isLetterOrDigit(text.charAt(at)) || "._-:".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String entity = text.substring(start, at);
    if (!entity.isEmpty() && text.charAt(at) == ';' && !PREDEFINED.contains(entity)) {
      throw new XmlFault(Kind.RESTRICTED_XML, "only the predefined entities are allowed");
    }
  }

  private String name() {
    int start = at;
    while (" \t\r\n=/>".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  private int skipSpace() {
    while (" \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private void skipPast(String end) {
    int found = text.indexOf(end, at);
    at = found < 0 ? text.length() : found + end.length();
  }
}
