package dev.sotto.signalling.stream;

import dev.sotto.signalling.xml.Attribute;
import dev.sotto.signalling.xml.Element;
import java.util.List;
import java.util.Locale;

/**
 * Why a stanza is refused (RFC 6120 section 8.3), with a sentence for people who read it in a log.
 */
public record StanzaError(Condition condition, String text) {

  /** Defined conditions with the error type of RFC 6120 section 8.3.3. */
  public enum Condition {
    BAD_REQUEST("modify"),
    CONFLICT("cancel"),
    FEATURE_NOT_IMPLEMENTED("cancel"),
    FORBIDDEN("auth"),
    INTERNAL_SERVER_ERROR("wait"),
    ITEM_NOT_FOUND("cancel"),
    JID_MALFORMED("modify"),
    NOT_ACCEPTABLE("modify"),
    NOT_ALLOWED("cancel"),
    RECIPIENT_UNAVAILABLE("wait"),
    REMOTE_SERVER_NOT_FOUND("cancel"),
    RESOURCE_CONSTRAINT("wait"),
    SERVICE_UNAVAILABLE("cancel"),
    UNEXPECTED_REQUEST("wait");

    private final String type;

    Condition(String type) {
      this.type = type;
    }

    /**
     * What the sender may do about it: {@code cancel}, {@code modify}, {@code auth}, {@code wait}.
     */
    public String type() {
      return type;
    }

    /** The element's name. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * The error stanza that answers {@code stanza}: same kind and id, addresses swapped, payload
   * returned as section 8.3.1 suggests for IQ only.
   */
  public Element answerTo(Element stanza) {
    Element answer = Element.of(Namespaces.CLIENT, stanza.name(), "type", "error");
    answer = copy(stanza, "id", answer, "id");
    answer = copy(stanza, "to", answer, "from");
    answer = copy(stanza, "from", answer, "to");
    Element error =
        Element.of(Namespaces.CLIENT, "error", "type", condition.type())
            .plus(Element.of(Namespaces.STANZA_ERRORS, condition.wireName()));
    if (!text.isEmpty()) {
      error =
          error.plus(
              new Element(
                      Namespaces.STANZA_ERRORS, "text", List.of(Attribute.lang("en")), List.of())
                  .plus(text));
    }
    return answer.plus(error);
  }

  private static Element copy(Element from, String attribute, Element to, String as) {
    return from.attribute(attribute).map(value -> to.with(as, value)).orElse(to);
  }
}
