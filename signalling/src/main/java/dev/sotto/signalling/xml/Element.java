package dev.sotto.signalling.xml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One element of a stanza: an immutable tree, so that a stanza can be handed to many sessions on
 * many threads. Changes make a shallow copy. Prefixes of elements are not kept (they carry no
 * meaning); namespaces, attributes, order and text are.
 */
public record Element(
    String namespace, String name, List<Attribute> attributes, List<Node> children)
    implements Node {

  /** Copies the lists, so that what was passed in may change afterwards. */
  public Element {
    attributes = List.copyOf(attributes);
    children = List.copyOf(children);
  }

  /** An element with attributes given as name, value, name, value … */
  public static Element of(String namespace, String name, String... attributes) {
    List<Attribute> list = new ArrayList<>(attributes.length / 2);
    for (int i = 0; i < attributes.length; i += 2) {
      list.add(Attribute.of(attributes[i], attributes[i + 1]));
    }
    return new Element(namespace, name, list, List.of());
  }

  /** Whether this is the element {@code name} of {@code namespace}. */
  public boolean is(String namespace, String name) {
    return this.name.equals(name) && this.namespace.equals(namespace);
  }

  /** The value of an unprefixed attribute. */
  public Optional<String> attribute(String name) {
    for (Attribute attribute : attributes) {
      if (attribute.namespace().isEmpty() && attribute.name().equals(name)) {
        return Optional.of(attribute.value());
      }
    }
    return Optional.empty();
  }

  /** The child elements. */
  public Stream<Element> elements() {
    return children.stream().filter(Element.class::isInstance).map(Element.class::cast);
  }

  /** The first child element. */
  public Optional<Element> firstElement() {
    return elements().findFirst();
  }

  /** The first child element {@code name} of {@code namespace}. */
  public Optional<Element> child(String namespace, String name) {
    for (Node child : children) {
      if (child instanceof Element element && element.is(namespace, name)) {
        return Optional.of(element);
      }
    }
    return Optional.empty();
  }

  /** Whether some child element is of {@code namespace}. */
  public boolean hasChildOf(String namespace) {
    for (Node child : children) {
      if (child instanceof Element element && element.namespace().equals(namespace)) {
        return true;
      }
    }
    return false;
  }

  /** The character data directly inside, joined. */
  public String text() {
    StringBuilder joined = new StringBuilder();
    for (Node child : children) {
      if (child instanceof Text text) {
        joined.append(text.value());
      }
    }
    return joined.toString();
  }

  /** A copy in which the unprefixed attribute has this value, at its old place if it had one. */
  public Element with(String name, String value) {
    List<Attribute> changed = new ArrayList<>(attributes.size() + 1);
    boolean replaced = false;
    for (Attribute attribute : attributes) {
      if (attribute.namespace().isEmpty() && attribute.name().equals(name)) {
        changed.add(Attribute.of(name, value));
        replaced = true;
      } else {
        changed.add(attribute);
      }
    }
    if (!replaced) {
      changed.add(Attribute.of(name, value));
    }
    return new Element(namespace, this.name, changed, children);
  }

  /** A copy without the unprefixed attribute. */
  public Element without(String name) {
    List<Attribute> changed =
        attributes.stream()
            .filter(a -> !(a.namespace().isEmpty() && a.name().equals(name)))
            .toList();
    return new Element(namespace, this.name, changed, children);
  }

  /** A copy with one more child at the end. */
  public Element plus(Node child) {
    List<Node> changed = new ArrayList<>(children.size() + 1);
    changed.addAll(children);
    changed.add(child);
    return new Element(namespace, name, attributes, changed);
  }

  /** A copy with one more text at the end. */
  public Element plus(String text) {
    return plus(new Text(text));
  }

  /** The serialised form, for logs and tests. */
  @Override
  public String toString() {
    return XmlWriter.toString(this, "");
  }
}
