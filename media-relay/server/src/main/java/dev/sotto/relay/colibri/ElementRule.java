package dev.sotto.relay.colibri;

import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.control.Texts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.xml.namespace.QName;
import org.jitsi.xmpp.extensions.AbstractPacketExtension;

/**
 * What one element may hold. A grammar of these is a tree without cycles, so that it also bounds
 * how deep a request may be.
 */
final class ElementRule {
  private record Child(ElementRule rule, boolean once) {}

  private final QName name;
  private final Supplier<? extends AbstractPacketExtension> factory;
  private final Set<String> attributes = new HashSet<>();
  private final Map<QName, Child> children = new HashMap<>();
  private final Map<QName, String> refused = new HashMap<>();
  private boolean hasText;

  private ElementRule(
      String namespace, String name, Supplier<? extends AbstractPacketExtension> factory) {
    this.name = new QName(namespace, name);
    this.factory = factory;
  }

  /** A rule for the element that a factory makes. */
  static ElementRule of(Supplier<? extends AbstractPacketExtension> factory) {
    AbstractPacketExtension element = factory.get();
    return new ElementRule(element.getNamespace(), element.getElementName(), factory);
  }

  /** A rule for an element whose class is used in another namespace than its own. */
  static ElementRule in(String namespace, Supplier<? extends AbstractPacketExtension> factory) {
    return new ElementRule(namespace, factory.get().getElementName(), factory);
  }

  ElementRule attributes(String... names) {
    attributes.addAll(Set.of(names));
    return this;
  }

  ElementRule text() {
    hasText = true;
    return this;
  }

  /** May hold any number of a child. */
  ElementRule many(ElementRule child) {
    children.put(child.name, new Child(child, false));
    return this;
  }

  /** May hold a child once. */
  ElementRule one(ElementRule child) {
    children.put(child.name, new Child(child, true));
    return this;
  }

  /** A child that is known, and stands for what this relay does not do. */
  ElementRule refuse(String namespace, String element, String why) {
    refused.put(new QName(namespace, element), why);
    return this;
  }

  AbstractPacketExtension create() {
    return factory.get();
  }

  void checkAttribute(String namespace, String attribute) {
    if ((namespace != null && !namespace.isEmpty()) || !attributes.contains(attribute)) {
      throw Attributes.bad(
          "%s has the attribute %s, which is not known"
              .formatted(name.getLocalPart(), Texts.quoted(attribute)));
    }
  }

  boolean hasText() {
    return hasText;
  }

  String elementName() {
    return name.getLocalPart();
  }

  /**
   * The rule of a child.
   *
   * @param seen the children that were there before; the child is added
   */
  ElementRule child(QName childName, Set<QName> seen) {
    Optional.ofNullable(refused.get(childName))
        .ifPresent(why -> {
          throw new ControlException(ErrorCode.NOT_IMPLEMENTED, why);
        });
    Child child = children.get(childName);
    if (child == null) {
      throw Attributes.bad(
          "%s has the element %s of %s, which is not known"
              .formatted(
                  elementName(),
                  Texts.quoted(childName.getLocalPart()),
                  Texts.quoted(childName.getNamespaceURI())));
    }
    if (!seen.add(childName) && child.once()) {
      throw Attributes.bad(
          "%s has two elements %s; give one".formatted(elementName(), childName.getLocalPart()));
    }
    return child.rule();
  }
}
