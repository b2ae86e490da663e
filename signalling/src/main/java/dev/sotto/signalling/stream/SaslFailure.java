package dev.sotto.signalling.stream;

import dev.sotto.signalling.sasl.SaslCondition;
import dev.sotto.signalling.xml.Attribute;
import dev.sotto.signalling.xml.Element;
import java.util.List;

/** Why authentication failed (RFC 6120 section 6.5), in words that an app can show. */
record SaslFailure(SaslCondition condition, String text) {

  Element toElement() {
    return Element.of(Namespaces.SASL, "failure")
        .plus(Element.of(Namespaces.SASL, condition.wireName()))
        .plus(
            new Element(Namespaces.SASL, "text", List.of(Attribute.lang("en")), List.of())
                .plus(text));
  }
}
