package dev.sotto.signalling.xml;

/**
 * An attribute. {@code namespace} is empty for the usual unprefixed ones; {@code prefix} is kept
 * because the value of another attribute may refer to it.
 */
public record Attribute(String prefix, String namespace, String name, String value) {

  /** An unprefixed attribute, in no namespace. */
  public static Attribute of(String name, String value) {
    return new Attribute("", "", name, value);
  }

  /** {@code xml:lang}. */
  public static Attribute lang(String value) {
    return new Attribute("xml", "http://www.w3.org/XML/1998/namespace", "lang", value);
  }
}
