package dev.sotto.signalling.stream;

import dev.sotto.signalling.xml.Attribute;
import dev.sotto.signalling.xml.Element;
import java.util.List;
import java.util.Locale;

/** Why authentication failed (RFC 6120 section 6.5), in words that an app can show. */
record SaslFailure(Condition condition, String text) {

  enum Condition {
    ABORTED,
    CREDENTIALS_EXPIRED,
    ENCRYPTION_REQUIRED,
    INCORRECT_ENCODING,
    INVALID_AUTHZID,
    INVALID_MECHANISM,
    MALFORMED_REQUEST,
    NOT_AUTHORIZED
  }

  Element toElement() {
    String name = condition.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return Element.of(Namespaces.SASL, "failure")
        .plus(Element.of(Namespaces.SASL, name))
        .plus(
            new Element(Namespaces.SASL, "text", List.of(Attribute.lang("en")), List.of())
                .plus(text));
  }
}
